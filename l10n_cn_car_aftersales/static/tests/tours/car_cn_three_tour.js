import { registry } from "@web/core/registry";

const save = [
    { content: "save", trigger: ".o_form_button_save", run: "click" },
    { content: "it is saved", trigger: ".o_form_saved" },
];
const SIGN = [
    {
        content: "open the signature pad",
        trigger: ".o_field_widget[name=signature] .o_signature",
        run: "click",
    },
    {
        content: "the name is drawn",
        trigger: ".modal .o_web_sign_signature",
        run: () => new Promise((resolve) => setTimeout(resolve, 500)),
    },
    {
        content: "sign",
        trigger: ".modal footer .btn-primary:enabled",
        run: "click",
    },
    {
        content: "the signature is there",
        trigger: ".o_field_widget[name=signature] img",
    },
];

// The warranty clerk: a repair of another workshop, why it counts, a correction.
registry.category("web_tour.tours").add("car_cn_ledger_tour", {
    steps: () => [
        {
            content: "what else there is of the car",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            content: "the ledger of the car",
            trigger: "button[name=action_open_three_guarantees]:visible",
            run: "click",
        },
        {
            content: "our repair is in it, with its reason",
            trigger: ".o_data_row:contains(43)",
        },
        {
            content: "add a repair of another workshop",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "what is added",
            trigger: ".o_field_widget[name=kind] input",
            run: "click",
        },
        {
            content: "repair days",
            trigger: ".o_select_menu_item:eq(0)",
            run: "click",
        },
        {
            content: "how many",
            trigger: ".o_field_widget[name=days] input",
            run: "edit 22 && press Tab",
        },
        {
            content: "on which day",
            trigger: ".o_field_widget[name=date] input, .o_field_widget[name=date] button",
            run: "click",
        },
        {
            content: "today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "where",
            trigger: ".o_field_widget[name=workshop_name] input",
            run: "edit Elsewhere && press Tab",
        },
        ...save,
        {
            content: "it counts, by the version of the car",
            trigger: ".o_field_widget[name=reason_text]:contains(43)",
        },
        {
            content: "two days were the customer's",
            trigger: "button[name=action_correct]",
            run: "click",
        },
        {
            content: "twenty days",
            trigger: ".modal .o_field_widget[name=days] input",
            run: "edit 20 && press Tab",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Customer came two days late && press Tab",
        },
        {
            content: "correct it",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the reason is shown",
            trigger: ".o_field_widget[name=reason_text]:contains(Customer came two days late)",
        },
    ],
});

registry.category("web_tour.tours").add("car_cn_warning_tour", {
    steps: () => [
        {
            content: "the car is near its limit",
            trigger: ".o_data_row:contains(京A12345) td[name=text]",
            run: "click",
        },
        {
            content: "not closed without what was done",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "in plain words",
            trigger: ".modal:contains(京A12345)",
        },
        {
            content: "understood",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "what was done",
            trigger: ".o_field_widget[name=finding] textarea",
            run: "edit Customer called, maker told",
        },
        {
            content: "looked into",
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            content: "closed",
            trigger: ".o_arrow_button_current[data-value=closed]",
        },
    ],
});

registry.category("web_tour.tours").add("car_cn_mobility_tour", {
    steps: () => [
        {
            content: "a loaner or money is due",
            trigger: ".alert button[name=action_mobility]",
            run: "click",
        },
        {
            content: "how much was paid",
            trigger: ".o_field_widget[name=amount] input",
            run: "edit 300 && press Tab",
        },
        {
            content: "when",
            trigger: ".o_field_widget[name=paid_on] input, .o_field_widget[name=paid_on] button",
            run: "click",
        },
        {
            content: "today",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "not before the customer has signed",
            trigger: "button[name=action_settle]",
            run: "click",
        },
        {
            content: "in plain words",
            trigger: ".modal:contains(RO/)",
        },
        {
            content: "understood",
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "who signs",
            trigger: ".o_field_widget[name=signed_by] input",
            run: "edit Wang && press Tab",
        },
        ...SIGN,
        {
            content: "it is settled",
            trigger: "button[name=action_settle]",
            run: "click",
        },
        {
            content: "and stays so",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
    ],
});
