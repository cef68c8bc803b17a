import { registry } from "@web/core/registry";

// An issued paper is downloaded; the dialog closes by itself then.
const issue = (km) => [
    {
        content: "issue the certificate",
        trigger: ".o_statusbar_buttons button[name=action_issue_certificate]",
        run: "click",
    },
    {
        content: "what the odometer shows when the car leaves",
        trigger: ".modal .o_field_widget[name=odometer_km] input",
        run: `edit ${km} && press Tab`,
    },
    {
        content: "certify it",
        trigger: ".modal footer button[name=action_confirm]",
        run: "click",
    },
    {
        content: "the dialog is closed once it is printed",
        trigger: "body:not(:has(.modal))",
    },
];

registry.category("web_tour.tours").add("car_cn_no_certificate_tour", {
    steps: () => [
        {
            content: "give the car back",
            trigger: "button[name=action_deliver]",
            run: "click",
        },
        {
            content: "the customer has everything back",
            trigger: ".modal:not(:contains(RO/)) footer .btn-primary",
            run: "click",
        },
        {
            content: "not without its certificate, in plain words",
            trigger: ".modal:contains(RO/)",
        },
        {
            content: "understood",
            trigger: ".modal:contains(RO/) footer .btn-primary",
            run: "click",
        },
        {
            content: "the car is still here",
            trigger: ".o_arrow_button_current[data-value=ready]",
        },
    ],
});

registry.category("web_tour.tours").add("car_cn_certificate_tour", {
    steps: () => [
        ...issue(42015),
        {
            content: "what else there is of the visit",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            content: "it is on the order",
            trigger: "button[name=action_open_certificates]:contains(1)",
            run: "click",
        },
        {
            content: "the kilometers are wrong: make it void",
            trigger: "button[name=action_void]",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Odometer misread && press Tab",
        },
        {
            content: "void",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "it says so",
            trigger: ".o_arrow_button_current[data-value=void]",
        },
        {
            content: "back to the order",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        ...issue(42012),
        {
            content: "what else there is of the visit",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            content: "two certificates, one of them valid",
            trigger: "button[name=action_open_certificates]:contains(2)",
        },
        {
            content: "and it is not issued twice",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_issue_certificate]))",
        },
    ],
});

registry.category("web_tour.tours").add("car_cn_delivered_tour", {
    steps: () => [
        {
            content: "give the car back",
            trigger: "button[name=action_deliver]",
            run: "click",
        },
        {
            content: "the customer has everything back",
            trigger: ".modal:not(:contains(RO/)) footer .btn-primary",
            run: "click",
        },
        {
            content: "it is delivered",
            trigger: ".o_arrow_button_current[data-value=delivered]",
        },
        {
            content: "with the papers the law asks for",
            trigger: ".nav-link[name=cn_papers]",
            run: "click",
        },
        {
            content: "the settlement list has its number",
            trigger: ".o_field_widget[name=cn_settlement_ids] .o_data_row:contains(JSQD)",
        },
    ],
});
