import { registry } from "@web/core/registry";

const missing = (key) => ({
    content: `take the step ${key} of the list`,
    trigger: `.car_missing_list button[data-key^=${key}]`,
    run: "click",
});
const gone = (key) => ({
    content: `${key} is no longer missing`,
    trigger: `.car_missing_list:not(:has(button[data-key^=${key}]))`,
});
const back = {
    content: "back to the order",
    trigger: ".breadcrumb-item.o_back_button a",
    run: "click",
};

registry.category("web_tour.tours").add("car_quality_check_tour", {
    steps: () => [
        {
            content: "the inspection goes by its sheet",
            trigger: "button[name=action_quality_sheet]",
            run: "click",
        },
        {
            content: "everything is in order",
            trigger: "button[name=action_rest_ok]",
            run: "click",
        },
        {
            content: "complete the sheet",
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            content: "it is completed",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        back,
        {
            content: "pass the car",
            trigger: "button[name=action_pass_quality_check]",
            run: "click",
        },
        {
            content: "it is ready",
            trigger: ".o_arrow_button_current[data-value=ready]",
        },
    ],
});

registry.category("web_tour.tours").add("car_release_tour", {
    steps: () => [
        missing("release_start"),
        {
            content: "cleaned and looked over",
            trigger: "button[name=action_rest_ok]",
            run: "click",
        },
        {
            content: "the articles are there",
            trigger: "button[name=action_all_there]:visible",
            run: "click",
        },
        gone("release_car_inspection_belonging"),
        {
            content: "less fuel than before",
            trigger: ".o_field_widget[name=release_fuel_level] .o_selection_badge:contains(1/4)",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".o_field_widget[name=fuel_explanation] input",
            run: "edit Road test of 12 km && press Tab",
        },
        {
            content: "complete the comparison",
            trigger: "button[name=action_finish]",
            run: "click",
        },
        {
            content: "it is completed",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        back,
        gone("release"),
        missing("told"),
        {
            content: "the customer was called",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        gone("told"),
        missing("explained"),
        gone("explained"),
        missing("sign_acceptance"),
        {
            content: "open the signature pad",
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
            content: "record it",
            trigger: ".modal footer .btn-primary:enabled",
            run: "click",
        },
        gone("sign_acceptance"),
        missing("remark"),
        {
            content: "he is not satisfied",
            trigger: ".modal .o_field_widget[name=mood] input[data-value=negative]",
            run: "click",
        },
        {
            content: "in his words",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit Waited an hour",
        },
        {
            content: "record it",
            trigger: ".modal footer .btn-primary:enabled",
            run: "click",
        },
        gone("remark"),
        missing("return_key"),
        gone("return_key"),
        missing("return_belonging"),
        {
            content: "everything is done",
            trigger: "div[name=release_complete]:visible",
        },
        {
            content: "deliver",
            trigger: ".btn-primary[name=action_deliver]",
            run: "click",
        },
        {
            content: "yes",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "the car is delivered",
            trigger: ".o_arrow_button_current[data-value=delivered]",
        },
    ],
});

registry.category("web_tour.tours").add("car_gate_tour", {
    steps: () => [
        {
            content: "scan a pass",
            trigger: ".o_control_panel button.btn-primary",
            run: "click",
        },
        {
            content: "the plate",
            trigger: ".modal .o_field_widget[name=code] input",
            run: "edit 京A12345 && press Tab",
        },
        {
            content: "let it out",
            trigger: ".modal button[name=action_let_out]",
            run: "click",
        },
        {
            content: "it has left",
            trigger: ".modal .alert-success:contains(京A12345)",
        },
    ],
});
