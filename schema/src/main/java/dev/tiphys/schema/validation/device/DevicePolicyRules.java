package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Quantity;
import dev.tiphys.schema.validation.FieldValue;
import java.util.List;

/// Rules for how much of a device one can ask for.
final class DevicePolicyRules {

  private static final int MOST_VALUES = 10;

  private DevicePolicyRules() {}

  /// @param amount what a device has of something
  static void policy(FieldValue amount) {
    FieldValue policy = amount.at("requestPolicy");
    FieldValue values = policy.at("validValues");
    FieldValue range = policy.at("validRange");
    Quantity most = Quantity.from(amount.at("value").value());
    FieldValue usual = policy.at("default");
    if (!values.isEmpty() && range.isSet()) {
      policy.forbidden(
          "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at"
              + " the same time");
    } else if (!values.isEmpty()) {
      if (isThere(usual, "validValues")) {
        values(values, most, Quantity.from(usual.value()));
      }
    } else if (range.isSet() && isThere(usual, "validRange")) {
      range(range, most, Quantity.from(usual.value()));
    }
  }

  private static boolean isThere(FieldValue usual, String why) {
    if (!usual.isSet()) {
      usual.required("required when " + why + " is defined");
    }
    return usual.isSet();
  }

  private static void values(FieldValue values, Quantity most, Quantity usual) {
    List<Quantity> options = values.list().stream().map(Quantity::from).toList();
    for (int i = 1; i < options.size(); i++) {
      if (options.get(i - 1).compareTo(options.get(i)) > 0) {
        values.at(i).invalid("values must be sorted in ascending order");
      }
    }
    DeviceNames.set(
        values,
        MOST_VALUES,
        option -> {
          if (Quantity.from(option.value()).compareTo(most) > 0) {
            option.invalid("option is larger than capacity value: " + most);
          }
        },
        option -> Long.toString(Quantity.from(option.value()).units()));
    if (options.size() > MOST_VALUES
        || options.stream().noneMatch(option -> option.compareTo(usual) == 0)) {
      values.invalid(usual.toString(), "default value is not valid according to the requestPolicy");
    }
  }

  private static void range(FieldValue range, Quantity most, Quantity usual) {
    if (!range.at("min").isSet()) {
      range.at("min").required("required when validRange is defined");
      return;
    }
    Quantity low = Quantity.from(range.at("min").value());
    above(range.at("min"), low, most, "min is larger than capacity value: ");
    if (usual.compareTo(low) < 0) {
      range.at("min").invalid(usual.toString(), "default is less than min: " + low);
    }
    FieldValue max = range.at("max");
    if (max.isSet()) {
      Quantity high = Quantity.from(max.value());
      above(max, low, high, "min is larger than max: ");
      above(max, high, most, "max is larger than capacity value: ");
      above(max, usual, high, "default is more than max: ");
    }
    FieldValue step = range.at("step");
    if (step.isSet()) {
      Quantity width = Quantity.from(step.value());
      Quantity first = low.plus(width);
      if (first.compareTo(most) > 0) {
        step.invalid("one step " + first + " is larger than capacity value: " + most);
      }
      isOnStep(step, usual, low, width);
      if (max.isSet()) {
        isOnStep(step, Quantity.from(max.value()), low, width);
      }
    }
  }

  private static void above(FieldValue value, Quantity less, Quantity more, String detail) {
    if (less.compareTo(more) > 0) {
      value.invalid(less.toString(), detail + more);
    }
  }

  private static void isOnStep(FieldValue step, Quantity value, Quantity low, Quantity width) {
    long units = width.units();
    if (units == 0 || (value.units() - low.units()) % units != 0) {
      step.invalid(
          value.toString(),
          "value is not a multiple of a given step (" + width + ") from (" + low + ")");
    }
  }
}
