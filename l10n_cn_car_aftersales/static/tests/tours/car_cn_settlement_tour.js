import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_cn_settlement_tour", {
    steps: () => [
        {
            content: "bill the visit",
            trigger: ".btn-primary[name=action_create_invoices]",
            run: "click",
        },
        {
            content: "the bill is open",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
        },
        {
            content: "back to the order",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "the list has its number",
            trigger: ".nav-link[name=cn_papers]",
            run: "click",
        },
        {
            content: "open it",
            trigger: ".o_field_widget[name=cn_settlement_ids] .o_data_row:contains(JSQD)",
        },
        {
            content: "print it",
            trigger: ".o_statusbar_buttons button[name=action_print_settlement]",
            run: "click",
        },
        {
            content: "the screen is free again",
            trigger: "body:not(:has(.o_blockUI))",
        },
    ],
});

registry.category("web_tour.tours").add("car_cn_archive_tour", {
    steps: () => [
        {
            content: "what did not arrive",
            trigger: ".o_data_row:contains(VIN and plate differ) td[name=error_text]",
            run: "click",
        },
        {
            content: "the words of the server",
            trigger: ".alert-danger:contains(VIN and plate differ)",
        },
        {
            content: "what was sent",
            trigger: ".o_field_widget[name=payload_text]:contains(costlistcode)",
        },
        {
            content: "its answer",
            trigger: ".nav-link[name=answer]",
            run: "click",
        },
        {
            content: "as it came",
            trigger: ".o_field_widget[name=answer]:contains(status)",
        },
        {
            content: "send it again",
            trigger: "button[name=action_resend]",
            run: "click",
        },
        {
            content: "it is queued",
            trigger: ".o_arrow_button_current[data-value=queued]",
        },
        {
            content: "hand it over as a file instead",
            trigger: "button[name=action_export]",
            run: "click",
        },
        {
            content: "the file is there to be fetched",
            trigger: ".modal .o_field_widget[name=file]:contains(json)",
        },
        {
            content: "handed over",
            trigger: ".modal footer button[name=action_mark]",
            run: "click",
        },
        {
            content: "delivered by file",
            trigger: ".o_arrow_button_current[data-value=by_file]",
        },
    ],
});
