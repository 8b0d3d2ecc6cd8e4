package dev.tiphys.schema.validation.device;

import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.ConditionRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.storage.DriverRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Rules for which devices a ResourceClaim got, and for which users.
public final class DeviceStatusRules {

  private static final int MOST_USERS = 256;
  private static final int MOST_RESULTS = 32;
  private static final int MOST_CONFIGURATIONS = 64;
  private static final int MOST_BINDING_CONDITIONS = 4;
  private static final int MOST_CONDITIONS = 8;
  private static final int MOST_ADDRESSES = 16;
  private static final int LONGEST_DATA = 10 * 1024;
  private static final int LONGEST_INTERFACE = 256;
  private static final int LONGEST_HARDWARE = 128;

  private DeviceStatusRules() {}

  public static void update(FieldValue now, Struct before) {
    FieldValue status = now.at("status");
    FieldValue users = status.at("reservedFor");
    FieldValue allocation = status.at("allocation");
    DeviceNames.set(users, MOST_USERS, DeviceStatusRules::user, user -> user.at("uid").string());
    devices(status);
    if (!users.isEmpty()) {
      if (!allocation.isSet()) {
        users.forbidden("may not be specified when `allocated` is not set");
      } else if (now.struct().has("metadata", "deletionTimestamp")
          && !before.list("status", "reservedFor").containsAll(users.list())) {
        users.forbidden(
            "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are"
                + " set");
      }
    }
    if (allocation.isSet()) {
      Object old = before.get("status", "allocation");
      if (old != null) {
        allocation.mustEqual(old, DeviceNames.TYPES + "AllocationResult");
      } else {
        allocation(allocation, DeviceClaimRules.requests(now.struct().struct("spec", "devices")));
      }
    }
  }

  private static void user(FieldValue user) {
    user.at("resource").mustBeSet();
    user.at("name").mustBeSet();
    user.at("uid").mustBeSet();
  }

  private static void allocation(FieldValue allocation, Map<String, Set<String>> requests) {
    FieldValue devices = allocation.at("devices");
    DeviceNames.list(devices.at("results"), MOST_RESULTS, result -> result(result, requests));
    DeviceNames.list(
        devices.at("config"),
        MOST_CONFIGURATIONS,
        config -> {
          config.at("source").mustBeSetToOneOf(List.of("FromClaim", "FromClass"));
          DeviceClaimRules.requestConfiguration(config, requests);
        });
    if (allocation.at("nodeSelector").isSet()) {
      SchedulingRules.nodeSelector(allocation.at("nodeSelector"));
    }
  }

  private static void result(FieldValue result, Map<String, Set<String>> requests) {
    DeviceClaimRules.requestName(result.at("request"), requests);
    DriverRules.csiDriver(result.at("driver"));
    DeviceNames.pool(result.at("pool"));
    result.at("device").mustBe(Formats::dnsLabel);
    binding(result);
    if (result.at("shareID").isSet()) {
      DeviceNames.uid(result.at("shareID"));
    }
  }

  /// What must come true before a Pod can be bound, and what must not.
  static void binding(FieldValue device) {
    FieldValue conditions = device.at("bindingConditions");
    FieldValue failures = device.at("bindingFailureConditions");
    for (FieldValue list : List.of(conditions, failures)) {
      DeviceNames.list(list, MOST_BINDING_CONDITIONS, type -> type.mustBe(Formats::labelKey));
    }
    Set<Object> seen = new HashSet<>();
    conditions.items().forEach(condition -> condition.mustBeNewIn(seen));
    Set<Object> failed = new HashSet<>();
    for (FieldValue failure : failures.items()) {
      failure.mustBeNewIn(failed);
      if (conditions.list().contains(failure.string())) {
        failure.invalid("bindingFailureConditions must not overlap with bindingConditions");
      }
    }
    if (conditions.isEmpty() && !failures.isEmpty()) {
      conditions.invalid("bindingConditions are required to use bindingFailureConditions");
    }
    if (failures.isEmpty() && !conditions.isEmpty()) {
      failures.invalid("bindingFailureConditions are required to use bindingConditions");
    }
  }

  /// What tells devices apart. Upstream's messages do not show it, though they try to.
  private record Key(String driver, String pool, String device, String share) {

    static Key of(Struct device) {
      return new Key(
          device.string("driver"),
          device.string("pool"),
          device.string("device"),
          device.string("shareID"));
    }

    static final String TEXT = "{\"Driver\":{},\"Pool\":{},\"Device\":{},\"ShareID\":{}}";
  }

  private static void devices(FieldValue status) {
    Set<Key> allocated = new HashSet<>();
    for (Struct result : status.struct().structs("allocation", "devices", "results")) {
      allocated.add(Key.of(result));
    }
    FieldValue devices = status.at("devices");
    for (FieldValue device : devices.items()) {
      device(device, allocated);
    }
    Set<Key> seen = new HashSet<>();
    for (FieldValue device : devices.items()) {
      if (!seen.add(Key.of(device.struct()))) {
        device.duplicateText(Key.TEXT);
      }
    }
  }

  private static void device(FieldValue device, Set<Key> allocated) {
    DriverRules.csiDriver(device.at("driver"));
    DeviceNames.pool(device.at("pool"));
    device.at("device").mustBe(Formats::dnsLabel);
    if (device.at("shareID").isSet()) {
      DeviceNames.uid(device.at("shareID"));
    }
    if (!allocated.contains(Key.of(device.struct()))) {
      device.invalidText(Key.TEXT, "must be an allocated device in the claim");
    }
    device.at("conditions").mustHaveAtMost(MOST_CONDITIONS);
    ConditionRules.conditions(device.at("conditions"));
    if (device.at("data").isSet()) {
      DeviceNames.data(device.at("data"), LONGEST_DATA);
    }
    network(device.at("networkData"));
  }

  private static void network(FieldValue data) {
    data.at("interfaceName").mustNotBeLongerThan(LONGEST_INTERFACE);
    data.at("hardwareAddress").mustNotBeLongerThan(LONGEST_HARDWARE);
    DeviceNames.set(data.at("ips"), MOST_ADDRESSES, DeviceStatusRules::address, FieldValue::string);
  }

  private static void address(FieldValue value) {
    IpRange range = IpRange.parse(value.string());
    if (range == null) {
      value.invalid("must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
      return;
    }
    String canonical = range.address() + "/" + range.length();
    if (!Objects.equals(canonical, value.string())) {
      value.invalid("must be in canonical form (" + GoText.quoted(canonical) + ")");
    }
  }
}
