import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_repair_order_tour", {
    steps: () => [
        { content: "receive a car", trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "find it by plate",
            trigger: ".o_field_widget[name=vehicle_id] input",
            run: "edit A12345",
        },
        {
            content: "take it",
            trigger: ".ui-menu-item a:contains(A12345), .dropdown-item:contains(A12345)",
            run: "click",
        },
        {
            content: "its owner is the customer",
            trigger: ".o_field_widget[name=partner_id] input:value(王小明)",
        },
        {
            content: "read the odometer",
            trigger: ".o_field_widget[name=odometer_km] input",
            run: "edit 20500",
        },
        {
            content: "write down a complaint",
            trigger: ".o_field_widget[name=job_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "in the customer's words",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Squeals when braking",
        },
        {
            content: "add a line to the job, before anything is saved",
            trigger: ".modal .o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "find the part by the maker's number",
            trigger: ".modal .o_selected_row .o_field_widget[name=product_id] input",
            run: "edit 06L 115",
        },
        {
            content: "take the part",
            trigger: ".dropdown-item:contains(Brake Pads)",
            run: "click",
        },
        {
            content: "it has its price",
            trigger: ".modal .o_selected_row .o_field_widget[name=price_unit] input:value(420.00)",
        },
        { content: "keep it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "back on the order", trigger: "body:not(:has(.modal))" },
        {
            content: "the job has its amount",
            trigger: ".o_field_widget[name=job_ids] .o_data_row:contains(420.00)",
        },
        { content: "save all in one go", trigger: ".o_form_button_save", run: "click" },
        { content: "numbered", trigger: ".o_field_widget[name=name]:contains(RO/)" },
        { content: "go to the lines", trigger: ".nav-link[name=lines]", run: "click" },
        {
            content: "the line is there",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Brake Pads)",
        },
        {
            content: "make the estimate",
            trigger: ".btn-primary[name=action_estimate]",
            run: "click",
        },
        {
            content: "record the answer",
            trigger: ".btn-primary[name=action_authorize]",
            run: "click",
        },
        {
            content: "when it will be ready",
            trigger: ".modal .o_field_widget[name=promised_at] input, .modal .o_field_widget[name=promised_at] button",
            run: "click",
        },
        {
            content: "today, as the calendar proposes",
            trigger: ".o_datetime_picker .o_today, .o_datetime_picker .o_date_item_cell:not(.o_out_of_range):last",
            run: "click",
        },
        {
            content: "who signs",
            trigger: ".modal .o_field_widget[name=signed_by] input",
            run: "edit Wang Xiaoming",
        },
        {
            content: "open the signature",
            trigger: ".modal .o_field_widget[name=signature] .o_signature",
            run: "click",
        },
        {
            content: "the name is drawn",
            trigger: ".modal .o_web_sign_signature",
            run: () => new Promise((resolve) => setTimeout(resolve, 500)),
        },
        {
            content: "sign",
            trigger: ".modal:has(.o_web_sign_signature) footer .btn-primary:enabled",
            run: "click",
        },
        {
            content: "the signature is there",
            trigger: ".modal .o_field_widget[name=signature] img",
        },
        {
            content: "keep the answer",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "authorized",
            trigger: ".o_arrow_button_current[data-value=authorized]",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
