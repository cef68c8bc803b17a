import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("car_cn_plate_tour", {
    steps: () => [
        {
            content: "the car has a new plate",
            trigger: "button[name=action_change_plate]",
            run: "click",
        },
        {
            content: "one digit too many",
            trigger: ".modal .o_field_widget[name=license_plate] input",
            run: "edit 京A1234567 && press Tab",
        },
        {
            content: "the mistake is pointed out while it is typed",
            trigger: ".modal div[name=plate_warning]:contains(9)",
        },
        {
            content: "try it",
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "refused in plain words",
            trigger: ".modal:not(:has(.o_form_view)):contains(京A1234567)",
        },
        {
            content: "understood",
            trigger: ".modal:not(:has(.o_form_view)):contains(京A1234567) footer .btn-primary",
            run: "click",
        },
        {
            content: "the new-energy plate",
            trigger: ".modal .o_field_widget[name=license_plate] input",
            run: "edit 京AD12345 && press Tab",
        },
        {
            content: "nothing is wrong with it",
            trigger: ".modal:not(:has(div[name=plate_warning]))",
        },
        {
            content: "change it",
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
        {
            content: "the car has its plate",
            trigger: ".o_field_widget[name=license_plate] input:value(京AD12345), .o_field_widget[name=license_plate]:contains(京AD12345)",
        },
    ],
});
