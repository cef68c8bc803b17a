import { registry } from "@web/core/registry";

const fill = (name, text) => ({
    content: `fill in ${name}`,
    trigger: `.o_field_widget[name=${name}] input`,
    run: `edit ${text}`,
});
const choose = (name, text) => [
    fill(name, text),
    {
        content: `take ${text}`,
        trigger: `.dropdown-item:contains(${text}), .ui-menu-item a:contains(${text})`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("car_appointment_tour", {
    steps: () => [
        { content: "book", trigger: ".o_list_button_add", run: "click" },
        fill("contact_name", "Chen Mei"),
        fill("phone", "139 0000 1111"),
        fill("license_plate", "沪t-00001"),
        ...choose("team_id", "Tour Team"),
        {
            content: "write down what is wanted",
            trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "in words",
            trigger: ".o_field_widget[name=line_ids] .o_field_widget[name=name] input",
            run: "edit Noise in front",
        },
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        { content: "numbered", trigger: ".o_field_widget[name=name]:contains(AP/)" },
        {
            content: "ask for free times",
            trigger: "button[name=action_propose]",
            run: "click",
        },
        {
            content: "look at them",
            trigger: ".nav-link[name=times]",
            run: "click",
        },
        {
            content: "agree on the first",
            trigger: ".o_field_widget[name=proposal_ids] .o_data_row:first button[name=action_take]",
            run: "click",
        },
        {
            content: "confirmed",
            trigger: ".o_arrow_button_current[data-value=confirmed]",
        },
        ...choose("model_id", "H5 Tour"),
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        { content: "saved", trigger: ".o_form_saved" },
        {
            content: "the car is here",
            trigger: ".btn-primary[name=action_arrive]",
            run: "click",
        },
        {
            content: "its order has what was asked",
            trigger: ".o_field_widget[name=job_ids] .o_data_row:contains(Noise in front)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
