import { registry } from "@web/core/registry";

const openPage = (name) => ({
    content: `open the page ${name}`,
    trigger: `.o_notebook_headers a[name=${name}]`,
    run: "click",
});

registry.category("web_tour.tours").add("car_inspection_tour", {
    steps: () => [
        {
            content: "what blocks the start is listed: begin the intake",
            trigger: ".car_missing_list button[data-key=start]",
            run: "click",
        },
        {
            content: "the intake tells what is missing; a click leads to the documents",
            trigger: ".o_form_view:has(.o_field_widget[name=damage_ids], .o_notebook) .car_missing_list button[data-key^=document]",
            run: "click",
        },
        {
            content: "all documents are in order",
            trigger: "button[name=action_documents_good]:visible",
            run: "click",
        },
        {
            content: "they are no longer missing",
            trigger: ".car_missing_list:not(:has(button[data-key^=document]))",
        },
        openPage("checklist"),
        {
            content: "the rest is in order",
            trigger: "button[name=action_rest_ok]",
            run: "click",
        },
        {
            content: "nothing is unchecked",
            trigger: ".car_missing_list:not(:has(button[data-key=checklist]))",
        },
        openPage("damage"),
        {
            content: "choose a dent",
            trigger: ".car_damage_kinds button[data-kind=dent]",
            run: "click",
        },
        {
            content: "tap the car",
            trigger: ".car_damage_drawing img",
            run: "click",
        },
        {
            content: "the mark is there; say what it is",
            trigger: ".car_damage_editor input",
            run: "edit 5 cm && click .car_damage_kinds",
        },
        {
            content: "the mark carries its letter",
            trigger: ".car_damage_mark.car_damage_dent:contains(D)",
        },
        openPage("reception"),
        {
            content: "fuel",
            trigger: ".o_field_widget[name=fuel_level] .o_selection_badge:contains(1/2)",
            run: "click",
        },
        {
            content: "the customer signs",
            trigger: ".car_missing_list button[data-key=sign_intake]",
            run: "click",
        },
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
            content: "record it; nothing else is missing, so this closes the intake",
            trigger: ".modal footer button[name=action_close_intake]",
            run: "click",
        },
        {
            content: "all formalities are done",
            trigger: "body:not(.modal-open) .o_form_view .alert-success strong",
        },
        { content: "nothing left to save", trigger: ".o_form_saved" },
    ],
});
