import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_comeback_tour", {
    steps: () => [
        {
            content: "the order names the earlier visit",
            trigger: "div[name=comeback]:contains(Under our guarantee)",
        },
        {
            content: "look at what was repaired then",
            trigger: "div[name=comeback] button[name=action_open_earlier_jobs]",
            run: "click",
        },
        {
            content: "its job is there",
            trigger: ".o_field_widget[name=order_number]",
        },
        {
            content: "back to the order",
            trigger: ".o_back_button, .breadcrumb-item a:last",
            run: "click",
        },
        {
            content: "open the job of today",
            trigger: ".o_field_widget[name=job_ids] .o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "it is a comeback",
            trigger: ".modal button[name=action_link_comeback]",
            run: "click",
        },
        {
            content: "of the job that is proposed",
            trigger:
                ".modal .o_field_widget[name=of_job_id] input:value(Brakes squeal)",
        },
        {
            content: "link it",
            trigger: ".modal:has(.o_field_widget[name=of_job_id]) .o_form_button_save",
            run: "click",
        },
        {
            content: "the job says so",
            trigger: ".modal div[name=comeback_of]:contains(Brakes squeal)",
        },
        {
            content: "close it",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "nothing is left to decide at the desk",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(div[name=comeback]))",
        },
    ],
});
