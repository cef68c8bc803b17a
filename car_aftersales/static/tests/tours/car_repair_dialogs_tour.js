import { registry } from "@web/core/registry";

// By position: the tours run in whatever language the database has.
const choose = (name, number, label) => [
    {
        content: `open ${name}`,
        trigger: `.modal .o_field_widget[name=${name}] input`,
        run: "click",
    },
    {
        content: `choose ${label}`,
        trigger: `.o_select_menu_item:eq(${number})`,
        run: "click",
    },
];
const CONFIRM = [
    { content: "confirm", trigger: ".modal footer .btn-primary", run: "click" },
    { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
];

// A visit that ends with its diagnosis: a temporary leave, the fee agreed to, billed and
// paid, the work declined, the final pass.
registry.category("web_tour.tours").add("car_repair_dialogs_tour", {
    steps: () => [
        {
            content: "record an answer",
            trigger: "button[name=action_authorize]",
            run: "click",
        },
        {
            content: "both lines are asked for",
            trigger: ".modal .o_field_widget[name=line_ids]:contains(Brake Pads)",
        },
        ...choose("kind", 0, "diagnosis"),
        {
            content: "only the fee is asked for",
            trigger: ".modal .o_field_widget[name=line_ids]:not(:contains(Brake Pads))",
        },
        ...choose("channel", 1, "phone"),
        ...CONFIRM,
        {
            content: "go to the passes",
            trigger: ".nav-link[name=exit_passes]",
            run: "click",
        },
        {
            content: "the car goes on a road test",
            trigger: ".tab-pane.active button.btn-link",
            run: "click",
        },
        { content: "for a road test", trigger: ".modal .o_field_widget[name=reason]" },
        ...CONFIRM,
        {
            content: "the pass is there",
            trigger: ".o_field_widget[name=exit_pass_ids] .o_data_row:contains(EP/)",
        },
        {
            content: "the customer declines",
            trigger: "button[name=action_decline]",
            run: "click",
        },
        {
            content: "why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Too expensive",
        },
        ...CONFIRM,
        {
            content: "not repaired",
            trigger: ".o_arrow_button_current[data-value=declined]",
        },
        {
            content: "bill the fee",
            trigger: ".btn-primary[name=action_create_invoices]",
            run: "click",
        },
        {
            content: "take the money",
            trigger: "button[name=action_register_payment]",
            run: "click",
        },
        ...CONFIRM,
        {
            content: "back to the order",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "issue the pass",
            trigger: ".btn-primary[name=action_issue_exit_pass]",
            run: "click",
        },
        {
            content: "two passes",
            trigger: ".oe_stat_button .o_field_widget[name=exit_pass_count]:contains(2)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("car_repair_down_payment_tour", {
    steps: () => [
        {
            content: "ask for money in advance",
            trigger: ".o_statusbar_buttons button:not([name^=action])",
            run: "click",
        },
        {
            content: "how much",
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 100",
        },
        ...CONFIRM,
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
            content: "it counts",
            trigger: ".oe_stat_button .o_field_widget[name=invoice_count]:contains(1)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
