package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules for devices.
final class DeviceRules {

  private static final int MOST_PROPERTIES = 32;
  private static final int MOST_VALUES = 48;
  private static final int MOST_TAINTS = 16;
  private static final int MOST_COUNTERS = 32;
  private static final int MOST_CONSUMED = 2;
  private static final int LONGEST_VALUE = 64;
  private static final int LONGEST_KEY = 96;
  private static final String PLACES =
      "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when"
          + " `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  private static final List<String> SINGLE = List.of("bool", "int", "string", "version");
  private static final List<String> SEVERAL = List.of("bools", "ints", "strings", "versions");
  private static final Pattern VERSION =
      Pattern.compile(
          "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
              + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)"
              + "(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
              + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

  private DeviceRules() {}

  /// @param old the specification that is replaced
  /// @param isPlaced whether devices say themselves where they are
  static void device(FieldValue device, @Nullable Struct old, boolean isPlaced) {
    device.at("name").mustBe(Formats::dnsLabel);
    properties(device);
    if (old == null || !sameTaints(device, old)) {
      DeviceNames.list(device.at("taints"), MOST_TAINTS, DeviceRules::taint);
    }
    DeviceNames.set(
        device.at("consumesCounters"),
        MOST_CONSUMED,
        consumed -> {
          consumed.at("counterSet").mustBeSetAnd(Formats::dnsLabel);
          counters(consumed.at("counters"));
        },
        consumed -> consumed.at("counterSet").string());
    place(device, isPlaced);
    DeviceStatusRules.binding(device);
  }

  private static boolean sameTaints(FieldValue device, Struct old) {
    return old.structs("devices").stream()
        .filter(other -> other.string("name").equals(device.at("name").string()))
        .anyMatch(other -> Equality.same(other.get("taints"), device.at("taints").value()));
  }

  static void counters(FieldValue counters) {
    if (counters.struct().isEmpty()) {
      counters.required();
    } else if (counters.mustHaveAtMost(MOST_COUNTERS)) {
      for (FieldValue counter : counters.entries()) {
        counters.holding(counter.name()).mustBe(Formats::dnsLabel);
      }
    }
  }

  private static void properties(FieldValue device) {
    FieldValue attributes = device.at("attributes");
    FieldValue capacity = device.at("capacity");
    int count = attributes.struct().size() + capacity.struct().size();
    if (count > MOST_PROPERTIES) {
      device.invalid(
          (long) count,
          "the total number of attributes and capacities must not exceed " + MOST_PROPERTIES);
    }
    long values = attributes.entries().stream().mapToLong(DeviceRules::values).sum();
    if (values > MOST_VALUES) {
      device.invalid(values, "the total number of attribute values must not exceed " + MOST_VALUES);
    }
    for (FieldValue attribute : attributes.entries()) {
      DeviceNames.qualified(attributes, attribute.name());
      attribute(attributes.key(shortened(attribute.name())).holding(attribute.value()));
    }
    boolean isShared = device.at("allowMultipleAllocations").bool();
    for (FieldValue amount : capacity.entries()) {
      DeviceNames.qualified(capacity, amount.name());
      FieldValue value = capacity.key(shortened(amount.name())).holding(amount.value());
      if (isShared) {
        DevicePolicyRules.policy(value);
      } else {
        value.at("requestPolicy").mustNotBeSet("allowMultipleAllocations must be true");
      }
    }
  }

  private static long values(FieldValue attribute) {
    long several = SEVERAL.stream().mapToLong(field -> attribute.at(field).list().size()).sum();
    return several == 0 ? 1 : several;
  }

  /// Keys that are too long are told with their middle left out.
  private static String shortened(String key) {
    if (key.length() <= LONGEST_KEY) {
      return key;
    }
    int rest = LONGEST_KEY - 3;
    return key.substring(0, (rest + 1) / 2) + "..." + key.substring(key.length() - rest / 2);
  }

  private static void attribute(FieldValue attribute) {
    attribute.at("string").mustNotBeLongerThan(LONGEST_VALUE);
    if (attribute.at("version").isSet()) {
      version(attribute.at("version"));
    }
    for (String field : SEVERAL) {
      FieldValue values = attribute.at(field);
      if (values.isSet() && values.isEmpty()) {
        values.invalid("must not be empty if specified");
      }
    }
    attribute.at("strings").items().forEach(text -> text.mustNotBeLongerThan(LONGEST_VALUE));
    attribute.at("versions").items().forEach(DeviceRules::version);
    long kinds =
        SINGLE.stream().filter(field -> attribute.at(field).isSet()).count()
            + SEVERAL.stream().filter(field -> attribute.at(field).isSet()).count();
    if (kinds == 0) {
      attribute.invalid("", "exactly one value must be specified");
    } else if (kinds > 1) {
      attribute.invalidText(
          GoText.struct(attribute.value(), DeviceNames.TYPES + "DeviceAttribute"),
          "exactly one value must be specified");
    }
  }

  private static void version(FieldValue version) {
    if (!VERSION.matcher(version.string()).matches()) {
      version.invalid("must be a string compatible with semver.org spec 2.0.0");
    }
    version.mustNotBeLongerThan(LONGEST_VALUE);
  }

  static void taint(FieldValue taint) {
    taint.at("key").mustBe(Formats::labelKey);
    taint.at("value").mayBe(Formats::labelValue);
    taint.at("effect").mustBeSetToOneOf(DeviceClaimRules.TAINT_EFFECTS);
  }

  private static void place(FieldValue device, boolean isPlaced) {
    if (!isPlaced) {
      if (List.of("nodeName", "nodeSelector", "allNodes").stream()
          .anyMatch(field -> device.at(field).isSet())) {
        device.invalid(
            null,
            "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection`"
                + " is set to true in the ResourceSlice spec");
      }
      return;
    }
    List<String> ways = new ArrayList<>();
    DeviceSliceRules.node(device, "must not be empty", ways);
    DeviceSliceRules.flag(device, "allNodes", ways);
    if (ways.isEmpty()) {
      device.required(PLACES);
    } else if (ways.size() > 1) {
      device.invalid("{" + String.join(", ", ways) + "}", PLACES);
    }
  }
}
