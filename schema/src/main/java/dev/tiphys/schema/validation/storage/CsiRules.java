package dev.tiphys.schema.validation.storage;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.access.TokenRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for CSIDrivers, CSINodes and CSIStorageCapacities.
public final class CsiRules {

  private static final int LONGEST_NODE = 256;
  private static final int SHORTEST_PERIOD = 10;

  private CsiRules() {}

  public static void driver(FieldValue driver) {
    FieldValue spec = driver.at("spec");
    present(spec.at("attachRequired").shownAs("attachedRequired"));
    present(spec.at("podInfoOnMount"));
    present(spec.at("storageCapacity"));
    spec.at("fsGroupPolicy").mayBeOneOf(List.of("File", "None", "ReadWriteOnceWithFSType"));
    tokens(spec.at("tokenRequests"));
    for (FieldValue mode : spec.at("volumeLifecycleModes").items()) {
      mode.up().holding(mode.value()).mustBeOneOf(List.of("Persistent", "Ephemeral"));
    }
    present(spec.at("seLinuxMount"));
    FieldValue period = spec.at("nodeAllocatableUpdatePeriodSeconds");
    if (period.isSet() && period.integer() < SHORTEST_PERIOD) {
      period.invalid("must be greater than or equal to 10 seconds");
    }
    FieldValue inSecrets = spec.at("serviceAccountTokenInSecrets");
    if (inSecrets.isSet() && spec.at("tokenRequests").isEmpty()) {
      inSecrets.invalid("serviceAccountTokenInSecrets is set but no tokenRequests are specified");
    }
  }

  private static void present(FieldValue field) {
    if (!field.isSet()) {
      field.required();
    }
  }

  private static void tokens(FieldValue tokens) {
    Set<Object> audiences = new HashSet<>();
    for (FieldValue token : tokens.items()) {
      FieldValue audience = token.at("audience");
      if (audience.holding(audience.string()).mustBeNewIn(audiences)
          && token.at("expirationSeconds").isSet()) {
        TokenRules.lifetime(token.at("expirationSeconds"));
      }
    }
  }

  public static void driverUpdate(FieldValue now, Struct before) {
    driver(now);
    FieldValue spec = now.at("spec");
    Struct old = before.struct("spec");
    spec.at("attachRequired").shownAs("attachedRequired").mustEqual(old.get("attachRequired"));
    spec.at("volumeLifecycleModes").mustEqual(old.get("volumeLifecycleModes"));
  }

  public static void node(FieldValue node) {
    Set<Object> names = new HashSet<>();
    for (FieldValue driver : node.at("spec", "drivers").items()) {
      DriverRules.csiDriver(driver.at("name"));
      FieldValue id = driver.at("nodeID");
      id.mustBeSet();
      if (Formats.byteLength(id.string()) > LONGEST_NODE) {
        id.invalid("must be " + LONGEST_NODE + " characters or less");
      }
      driver.at("allocatable", "count").mustNotBeNegative();
      driver.at("name").mustBeNewIn(names);
      topology(driver);
    }
  }

  /// Upstream tells what is wrong with keys of the driver as a whole.
  private static void topology(FieldValue driver) {
    Set<Object> keys = new HashSet<>();
    for (Object key : driver.at("topologyKeys").list()) {
      FieldValue value = driver.holding(key);
      value.mustBeSet();
      value.mustBeNewIn(keys);
      value.mustBe(Formats::labelKey);
    }
  }

  /// What a driver said of a node stays, but for how much the node can take.
  public static void nodeUpdate(FieldValue now, Struct before) {
    node(now);
    FieldValue drivers = now.at("spec", "drivers");
    for (Struct old : before.structs("spec", "drivers")) {
      for (Struct driver : drivers.structs()) {
        if (driver.string("name").equals(old.string("name"))) {
          drivers
              .holding(driver.without("allocatable"))
              .mustEqual(old.without("allocatable"), "io.k8s.api.storage.v1.CSINodeDriver");
        }
      }
    }
  }

  public static void capacity(FieldValue capacity) {
    SelectorRules.selector(capacity.at("nodeTopology"));
    capacity.at("storageClassName").mustBe(Formats::dnsSubdomain);
    if (capacity.at("capacity").isSet()) {
      ResourceNames.amount(capacity.at("capacity"), "storage");
    }
  }

  public static void capacityUpdate(FieldValue now, Struct before) {
    capacity(now);
    now.at("nodeTopology").mustEqual(before.get("nodeTopology"), SelectorRules.TYPE);
    now.at("storageClassName").mustEqual(before.get("storageClassName"));
  }
}
