import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// One letter and color for each kind of damage; the papers show the same letters.
export const DAMAGE_LETTERS = {
    scratch: "S",
    dent: "D",
    chip: "C",
    crack: "K",
    wear: "W",
};

/**
 * The car unfolded on a drawing: a tap places a mark of the chosen kind, a tap on a mark
 * opens it to change or remove. Works with mouse, pen and finger.
 */
export class CarDamageMap extends Component {
    static template = "car_aftersales.CarDamageMap";
    static props = { ...standardFieldProps };

    setup() {
        this.letters = DAMAGE_LETTERS;
        this.state = useState({ kind: "scratch", selectedId: false });
        this.sides = [
            { name: _t("Right side"), style: "left: 1%; top: 2%;" },
            { name: _t("Front"), style: "left: 1%; top: 33%;" },
            { name: _t("Rear"), style: "right: 1%; top: 33%;" },
            { name: _t("Left side"), style: "left: 1%; bottom: 2%;" },
        ];
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get marks() {
        return this.list.records;
    }

    get kinds() {
        return this.list.fields.kind.selection;
    }

    get selected() {
        return this.marks.find((mark) => mark.id === this.state.selectedId);
    }

    getMarkStyle(mark) {
        return `left: ${mark.data.x}%; top: ${mark.data.y}%;`;
    }

    isNew(mark) {
        return Boolean(mark.data.is_new);
    }

    getMarkTitle(mark) {
        const label = this.kinds.find(([kind]) => kind === mark.data.kind)?.[1] || "";
        return mark.data.note ? `${label}: ${mark.data.note}` : label;
    }

    chooseKind(kind) {
        this.state.kind = kind;
    }

    async onTap(ev) {
        if (this.props.readonly) {
            return;
        }
        const box = ev.currentTarget.getBoundingClientRect();
        const percent = (value) => Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 10;
        const values = {
            x: percent((ev.clientX - box.left) / box.width),
            y: percent((ev.clientY - box.top) / box.height),
            kind: this.state.kind,
        };
        const mark = await this.list.addNewRecord({
            position: "bottom",
            mode: "readonly",
            context: {
                default_x: values.x,
                default_y: values.y,
                default_kind: values.kind,
            },
        });
        // A new record that nobody has changed would be dropped when the form is saved.
        await mark.update(values);
        this.state.selectedId = mark.id;
    }

    onSelect(mark) {
        this.state.selectedId = this.state.selectedId === mark.id ? false : mark.id;
    }

    async onKindChange(kind) {
        await this.selected.update({ kind });
    }

    async onNoteChange(ev) {
        await this.selected.update({ note: ev.target.value });
    }

    async onRemove() {
        const mark = this.selected;
        this.state.selectedId = false;
        await this.list.delete(mark);
    }
}

export const carDamageMap = {
    component: CarDamageMap,
    displayName: _t("Damage on a drawing of the car"),
    supportedTypes: ["one2many"],
};

registry.category("fields").add("car_damage_map", carDamageMap);
