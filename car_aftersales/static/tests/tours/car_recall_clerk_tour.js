import { registry } from "@web/core/registry";

const click = (content, trigger) => ({ content, trigger, run: "click" });
const see = (content, trigger) => ({ content, trigger });
const type = (name, text, tag = "input") => ({
    content: `fill in ${name}`,
    trigger: `.o_field_widget[name=${name}] ${tag}`,
    run: `edit ${text}`,
});
const upload = (name, text) => ({
    content: `choose the file ${name}`,
    trigger: ".o_field_widget[name=file] input[type=file]:not(:visible)",
    run() {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type: "text/csv" }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change"));
    },
});
const BACK = click("back", ".breadcrumb-item.o_back_button a");

// The warranty clerk enters a recall, loads the maker's list, and lets it run.
registry.category("web_tour.tours").add("car_recall_clerk_tour", {
    steps: () => [
        click("enter a recall", ".o_list_button_add"),
        type("name", "Airbag"),
        type("number", "CLERK-1"),
        type("payer_partner_id", "Tour Maker"),
        click("take him", ".o-autocomplete--dropdown-item:contains(Tour Maker)"),
        type("risk", "The airbag may not open", "textarea"),
        click("save", ".o_form_button_save"),
        see("saved", ".o_form_saved"),
        click("load the list", ".o_statusbar_buttons button:eq(1)"),
        upload("vins.csv", "VIN\nLTESTRECA77000001\nLTESTRECA77000002\nnot a vin\n"),
        see("the file is there", ".o_field_widget[name=file] input:value(vins.csv)"),
        click("load it", "button[name=action_load]"),
        see("two cars", ".o_field_widget[name=added_count]:contains(2)"),
        see("of which we know one", ".o_field_widget[name=linked_count]:contains(1)"),
        see("one row is told", ".o_field_widget[name=problem_text]:contains(not a vin)"),
        BACK,
        see("two are affected", "button[name=action_view_vehicles]:contains(2)"),
        click("let it run", "button[name=action_open].btn-primary"),
        see("it runs", ".o_arrow_button_current[data-value=open]"),
        click("its cars", "button[name=action_view_vehicles]"),
        see("the car of the customer", ".o_data_row:contains(沪T00078)"),
    ],
});

// The advisor who opens a booking sees the recall and books its work too.
registry.category("web_tour.tours").add("car_recall_booking_tour", {
    steps: () => [
        see("the booking shows it", "div[name=recalls]:contains(TOUR-2 Airbag)"),
        click("book the work too", "div[name=recalls] button[name=action_add_recalls]"),
        see(
            "it is requested",
            ".o_field_widget[name=line_ids] .o_data_row:contains(TOUR-2 Airbag)"
        ),
        see("nothing is left to offer", ".o_form_view:not(:has(div[name=recalls]))"),
    ],
});

// No car leaves with a mandatory recall forgotten: the customer refuses and signs.
registry.category("web_tour.tours").add("car_recall_refuse_tour", {
    steps: () => [
        click("give the car back", ".btn-primary[name=action_deliver]"),
        click("accepted", ".modal footer .btn-primary"),
        see("refused, naming it", ".modal .modal-body:contains(TOUR-2 Airbag)"),
        click("understood", ".modal footer .btn-primary"),
        click(
            "the customer does not want it",
            "div[name=recalls_mandatory] button[name=action_answer_recalls]"
        ),
        click("its recall", ".o_data_row:contains(TOUR-2) .o_data_cell[name=vin]"),
        see("paper to sign by hand", "button[name=action_print_refusal]"),
        click("he refuses", ".o_statusbar_buttons button[name=action_answer]:eq(1)"),
        see("in the dialog", ".modal .o_field_widget[name=reason]"),
        {
            content: "without a reason and signature",
            trigger: ".modal footer .btn-primary:enabled",
            run: "click",
        },
        see("nothing is written", ".modal .o_field_invalid[name=reason]"),
        {
            content: "why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Sells the car",
        },
        click("the pad", ".modal .o_field_widget[name=signature] .o_signature"),
        {
            content: "the name is drawn",
            trigger: ".modal .o_web_sign_signature",
            run: () => new Promise((resolve) => setTimeout(resolve, 500)),
        },
        click("sign", ".modal:has(.o_web_sign_signature) footer .btn-primary:enabled"),
        see("the signature is there", ".modal .o_field_widget[name=signature] img"),
        click("confirm", ".modal footer .btn-primary:enabled"),
        see("refused", ".o_arrow_button_current[data-value=refused]"),
        see("with its paper", "button[name=action_print_refusal]"),
        BACK,
        BACK,
        click("give the car back", ".btn-primary[name=action_deliver]"),
        click("accepted", ".modal footer .btn-primary"),
        see("it has left", ".o_arrow_button_current[data-value=delivered]"),
    ],
});
