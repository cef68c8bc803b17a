import { Component } from "@odoo/owl";

/** Who is here: arrived, being served, in the lounge; each with the next step. */
export class CarReceptionBoard extends Component {
    static template = "car_aftersales.CarReceptionBoard";
    static props = { board: Object, open: Function, step: Function, canStep: Boolean };

    get count() {
        return this.props.board.columns.reduce((sum, column) => sum + column.items.length, 0);
    }
}
