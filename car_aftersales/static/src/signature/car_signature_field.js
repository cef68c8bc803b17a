import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/**
 * A signature that the customer gives with his finger: on a screen that is touched, the
 * pad opens for drawing at once, instead of writing his name for him.
 */
export class CarSignatureField extends SignatureField {
    setup() {
        super.setup();
        const dialogs = this.dialogService;
        this.dialogService = {
            ...dialogs,
            add: (dialog, props, options) =>
                dialogs.add(dialog, this.prepareDialogProps(props), options),
        };
    }

    prepareDialogProps(props) {
        if (!hasTouch()) {
            return props;
        }
        const nameAndSignatureProps = { ...props.nameAndSignatureProps, mode: "draw" };
        return { ...props, nameAndSignatureProps };
    }
}

registry.category("fields").add("car_signature", {
    ...signatureField,
    component: CarSignatureField,
});
