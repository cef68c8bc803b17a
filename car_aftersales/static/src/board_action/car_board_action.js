import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CarBoard } from "@car_aftersales/board/car_board";

/** The board for somebody who is logged in: it shows what he may see. */
export class CarBoardAction extends Component {
    static template = "car_aftersales.CarBoardAction";
    static components = { CarBoard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        const { params, context } = this.props.action;
        this.boardId = params?.board_id || context?.active_id;
        onWillStart(async () => {
            this.content = await this.load();
        });
    }

    async load() {
        return this.orm.silent.call("car.board", "get_content", [[this.boardId]]);
    }
}

registry.category("actions").add("car_aftersales.board", CarBoardAction);
