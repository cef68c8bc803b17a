import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_exit_pass_tour", {
    steps: () => [
        {
            content: "open the order to bill",
            trigger: ".o_data_row .o_data_cell:contains(A12345)",
            run: "click",
        },
        {
            content: "bill",
            trigger: ".btn-primary[name=action_create_invoices]",
            run: "click",
        },
        {
            content: "the invoice is posted",
            trigger: ".o_arrow_button_current[data-value=posted]",
        },
        {
            content: "back to the order",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "nothing is owed: issue the pass",
            trigger: ".btn-primary[name=action_issue_exit_pass]",
            run: "click",
        },
        {
            content: "the pass is there",
            trigger: "button[name=action_print_exit_pass]",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
