import { registry } from "@web/core/registry";

const type = (trigger, text) => ({ content: `type ${text}`, trigger, run: `edit ${text}` });
const click = (content, trigger) => ({ content, trigger, run: "click" });

registry.category("web_tour.tours").add("car_reception_tour", {
    steps: () => [
        type(".o_car_reception_search", "沪t-00009"),
        click("the car is found while typing", ".o_car_reception_hit:contains(沪T00009)"),
        { content: "its page", trigger: ".o_car_reception_title:contains(沪T00009)" },
        { content: "a new customer", trigger: ".o_car_reception_introduction" },
        click("told", ".o_car_reception_introduction button"),
        click("data confirmed", ".o_car_reception_confirm"),
        type("#car_reception_complaint", "Noise in front"),
        click("write the arrival down", "button[name=register]"),
        {
            content: "who confirmed the data",
            trigger: ".o_car_reception:contains(Tour Desk):not(:has(.o_car_reception_confirm))",
        },
        {
            content: "it is on the board",
            trigger: ".card[data-state=arrived] .o_car_reception_item:contains(沪T00009)",
        },
        type("#car_reception_complaint", "Noise in front when braking"),
        click("the customer waits", "button[name=wait]"),
        click(
            "and is called back",
            ".card[data-state=lounge]:contains(沪T00009) button.btn-secondary"
        ),
        {
            content: "he is being served",
            trigger: ".card[data-state=served] .o_car_reception_item:contains(沪T00009)",
        },
        click("open the order", "button[name=repair]"),
        {
            content: "it has what is wanted",
            trigger:
                ".o_field_widget[name=job_ids] .o_data_row:contains(Noise in front)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("car_reception_new_tour", {
    steps: () => [
        type(".o_car_reception_search", "沪T00010"),
        { content: "nobody knows it", trigger: ".o_car_reception_unknown" },
        click("make it", ".o_car_reception_new"),
        {
            content: "the plate is filled in",
            trigger: "input[name=license_plate]:value(沪T00010)",
        },
        type("input[name=phone]", "139 7777 0001"),
        {
            content: "who has the phone is offered",
            trigger: ".o_car_reception_duplicates:contains(Tour Customer)",
        },
        type("input[name=contact_name]", "Chen Mei"),
        type(".o_car_reception_model input", "H5 Desk"),
        click("choose the model", ".o-autocomplete--dropdown-item:contains(H5 Desk)"),
        click("create", "button[name=make]:enabled"),
        { content: "its page", trigger: ".o_car_reception_title:contains(沪T00010)" },
        click("open the order", "button[name=repair]"),
        {
            content: "of the new car",
            trigger: ".o_form_view:contains(沪T00010)",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
