import { registry } from "@web/core/registry";

// By names of our own records and by position: the tours run in whatever language the
// database has.
const LINES = ".o_field_widget[name=line_ids]";
const row = (product) => `${LINES} .o_data_row:contains(${product})`;
const openPage = (name) => ({
    content: `open ${name}`,
    trigger: `.nav-link[name=${name}]`,
    run: "click",
});
const pick = (field, text, scope = ".modal") => [
    {
        content: `type ${text}`,
        trigger: `${scope} .o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `pick ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
        run: "click",
    },
];
const type = (field, text, scope = ".modal") => ({
    content: `${field}: ${text}`,
    trigger: `${scope} .o_field_widget[name=${field}] :is(input, textarea)`,
    run: `edit ${text}`,
});
const CONFIRM = [
    { content: "confirm", trigger: ".modal footer .btn-primary", run: "click" },
    { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
];
const SAVED = { content: "nothing left to save", trigger: ".o_form_saved" };

// The list of a covered car, shared and in two jobs, is seen without scrolling.
registry.category("web_tour.tours").add("car_coverage_width_tour", {
    steps: () => [
        openPage("lines"),
        {
            content: "complaint, coverage, payer, consent: all are there",
            trigger: [
                row("Tour Pump"),
                ":has(td[name=job_id])",
                ":has(td[name=coverage_reason])",
                ":has(td[name=payer_id])",
                ":has(td[name=authorization_state])",
            ].join(""),
            run() {
                const list = document.querySelector(`${LINES} .o_list_renderer`);
                if (list.scrollWidth > list.clientWidth) {
                    throw new Error(
                        `the list needs ${list.scrollWidth} of ${list.clientWidth} px`
                    );
                }
            },
        },
    ],
});

// What is covered, what is not and why; a decision by hand, and back.
registry.category("web_tour.tours").add("car_coverage_order_tour", {
    steps: () => [
        openPage("lines"),
        {
            content: "the pump is covered, its maker pays",
            trigger: `${row("Tour Pump")}:contains(Tour Maker) .text-bg-success`,
        },
        {
            content: "the pads are not, the customer pays",
            trigger: `${row("Tour Pads")}:contains(Tour Owner):not(:has(.text-bg-success))`,
        },
        {
            content: "why is the pump covered?",
            trigger: `${row("Tour Pump")} button[name=action_decide_coverage]`,
            run: "click",
        },
        {
            content: "by the policy, until its last day and km",
            trigger:
                ".modal .o_field_widget[name=answer_text]:contains(Tour Policy):contains(2125):contains(100,000)",
        },
        {
            content: "leave it",
            trigger: ".modal footer .btn-secondary",
            run: "click",
        },
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
        {
            content: "why is the filter not?",
            trigger: `${row("Tour Filter")} button[name=action_decide_coverage]`,
            run: "click",
        },
        {
            content: "its own term has ended",
            trigger:
                ".modal .o_field_widget[name=answer_text]:contains(Tour Policy):contains(2025)",
        },
        {
            content: "leave it",
            trigger: ".modal footer .btn-secondary",
            run: "click",
        },
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
        {
            content: "decide on the pads",
            trigger: `${row("Tour Pads")} button[name=action_decide_coverage]`,
            run: "click",
        },
        {
            content: "the coverage of the car is proposed",
            trigger: ".modal .o_field_widget[name=coverage_id] input:value(Tour Policy)",
        },
        type("reason", "Faulty caliper"),
        ...CONFIRM,
        {
            content: "the maker pays the pads",
            trigger: `${row("Tour Pads")}:contains(Tour Maker) .text-bg-success`,
        },
        {
            content: "the reason is written down",
            trigger: ".o-mail-Message:contains(Faulty caliper)",
        },
        {
            content: "undo it",
            trigger: `${row("Tour Pads")} button[name=action_decide_coverage]`,
            run: "click",
        },
        {
            content: "as the policies say",
            trigger: ".modal .o_field_widget[name=decision] input:eq(2)",
            run: "click",
        },
        {
            content: "no reason is asked for",
            trigger: ".modal:not(:has(.o_field_widget[name=reason]))",
        },
        ...CONFIRM,
        {
            content: "the customer pays the pads again",
            trigger: `${row("Tour Pads")}:contains(Tour Owner):not(:has(.text-bg-success))`,
        },
        {
            content: "apply the coverage to the whole order",
            trigger: "button[name=action_apply_coverage]",
            run: "click",
        },
        { content: "it tells how many", trigger: ".o_notification:contains(4)" },
        SAVED,
    ],
});

// One line between maker, house and customer; the rest to an insurer with a deductible.
registry.category("web_tour.tours").add("car_coverage_split_tour", {
    steps: () => [
        openPage("lines"),
        {
            content: "split out of goodwill",
            trigger: "button[name=action_open_goodwill]",
            run: "click",
        },
        ...pick("line_ids", "Tour Pads"),
        {
            content: "who is the maker",
            trigger: ".modal .o_field_widget[name=maker_id] input:value(Tour Maker)",
        },
        type("maker_percent", "40"),
        type("dealer_percent", "35"),
        type("reason", "Two months late"),
        {
            content: "the customer bears the rest",
            trigger: ".modal .o_field_widget[name=customer_percent]:contains(25)",
        },
        {
            content: "and sees his amount",
            trigger: ".modal .o_field_widget[name=amount_customer]:contains(50)",
        },
        ...CONFIRM,
        {
            content: "the split is written down",
            trigger: ".o-mail-Message:contains(Two months late)",
        },
        {
            content: "an insurer",
            trigger: "button[name=action_open_insurer]",
            run: "click",
        },
        ...pick("partner_id", "Tour Insurer"),
        {
            content: "he gets what the customer would pay and is not split",
            trigger:
                ".modal .o_field_widget[name=line_ids]:contains(Tour Filter):not(:contains(Tour Pads))",
        },
        type("reference", "CLAIM-77"),
        type("deductible_amount", "30"),
        ...CONFIRM,
        {
            content: "the filter is his",
            trigger: `${row("Tour Filter")}:contains(Tour Insurer)`,
        },
        openPage("payers"),
        {
            content: "with number and deductible",
            trigger:
                ".o_field_widget[name=payer_ids] .o_data_row:contains(Tour Insurer):contains(CLAIM-77):contains(30.00)",
        },
        {
            content: "the maker bears his part",
            trigger: ".o_field_widget[name=payer_ids] .o_data_row:contains(Tour Maker)",
        },
        SAVED,
    ],
});

// A policy with a component, given to the cars there are, and to one by hand.
registry.category("web_tour.tours").add("car_coverage_policy_tour", {
    steps: () => [
        { content: "new", trigger: ".o_list_button_add", run: "click" },
        type("name", "Tour Promise", ".o_form_view"),
        type("months", "1200", ".o_form_view"),
        type("km", "100000", ".o_form_view"),
        ...pick("brand_ids", "Hongqi", ".o_form_view"),
        ...pick("maker_id", "Tour Maker", ".o_form_view"),
        {
            content: "a component",
            trigger: ".o_field_widget[name=component_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...pick("system_id", "Tour System", ".o_selected_row"),
        {
            content: "a wear part",
            trigger: ".o_selected_row [name=is_wear_part] input",
            run: "click",
        },
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        SAVED,
        {
            content: "give it to the cars there are",
            trigger: "button[name=action_give_to_vehicles]",
            run: "click",
        },
        {
            content: "two would get it",
            trigger: ".modal .o_field_widget[name=found_count]:contains(/^2$/)",
        },
        {
            content: "one lacks a day",
            trigger: ".modal .o_field_widget[name=undated_count]:contains(/^1$/)",
        },
        {
            content: "give it",
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "two got it",
            trigger: ".modal .o_field_widget[name=given_count]:contains(/^2$/)",
        },
        {
            content: "which one lacks it?",
            trigger: ".modal button[name=action_open_undated]",
            run: "click",
        },
        {
            content: "this car; open it",
            trigger: ".o_data_row:contains(京T00003) td[name=license_plate]",
            run: "click",
        },
        openPage("warranty"),
        {
            content: "a coverage by hand",
            trigger: "button[name=action_add_coverage]",
            run: "click",
        },
        ...pick("policy_id", "Tour Promise"),
        {
            content: "save it",
            trigger: ".modal footer .o_form_button_save",
            run: "click",
        },
        { content: "the dialog is closed", trigger: "body:not(:has(.modal))" },
        {
            content: "what is left is shown",
            trigger:
                ".o_field_widget[name=coverage_ids] .o_data_row:contains(Tour Promise):contains(100,000) .text-bg-success",
        },
        SAVED,
    ],
});

// The maker refuses; his share goes to the house after the car has left.
registry.category("web_tour.tours").add("car_coverage_refused_tour", {
    steps: () => [
        openPage("payers"),
        {
            content: "the maker has refused",
            trigger: "button[name=action_open_share_move]",
            run: "click",
        },
        ...pick("payer_id", "Tour Maker"),
        {
            content: "his lines are proposed",
            trigger: ".modal .o_field_widget[name=line_ids]:contains(Replace Brake Pads)",
        },
        type("percent", "40"),
        type("reason", "No fault code on file"),
        ...CONFIRM,
        {
            content: "it is written down",
            trigger: ".o-mail-Message:contains(No fault code on file)",
        },
        {
            content: "the house has a part now",
            trigger: ".o_field_widget[name=payer_ids] .o_data_row:eq(2)",
        },
        SAVED,
    ],
});
