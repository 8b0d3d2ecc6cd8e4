package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.ConditionRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.storage.DriverRules;

/// Rules for DeviceTaintRules.
public final class DeviceTaintRules {

  private static final int MOST_CONDITIONS = 8;

  private DeviceTaintRules() {}

  public static void create(FieldValue rule) {
    FieldValue selector = rule.at("spec", "deviceSelector");
    if (selector.at("driver").isSet()) {
      DriverRules.csiDriver(selector.at("driver"));
    }
    if (selector.at("pool").isSet()) {
      DeviceNames.pool(selector.at("pool"));
    }
    if (selector.at("device").isSet()) {
      selector.at("device").mustBe(Formats::dnsLabel);
    }
    DeviceRules.taint(rule.at("spec", "taint"));
  }

  public static void status(FieldValue now, Struct before) {
    FieldValue conditions = now.at("status", "conditions");
    if (conditions.mustHaveAtMost(MOST_CONDITIONS)) {
      ConditionRules.conditions(conditions);
    }
  }
}
