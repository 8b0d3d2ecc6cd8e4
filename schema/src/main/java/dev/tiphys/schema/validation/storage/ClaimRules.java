package dev.tiphys.schema.validation.storage;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.Restoring;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.TreeDiff;
import java.util.List;
import java.util.Objects;

/// Rules for claims to persistent volumes.
public final class ClaimRules {

  static final List<String> ACCESS_MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");
  private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final List<String> RESIZE_STATES =
      List.of(
          "ControllerResizeInProgress",
          "ControllerResizeInfeasible",
          "NodeResizeInProgress",
          "NodeResizeInfeasible",
          "NodeResizePending");

  private ClaimRules() {}

  public static void create(FieldValue claim) {
    spec(claim.at("spec"));
  }

  /// The claim that is made for a volume of a Pod.
  public static void template(FieldValue template) {
    FieldValue metadata = template.at("metadata");
    MetaRules.template(metadata);
    for (FieldValue field : metadata.fields()) {
      if (!field.name().equals("annotations") && !field.name().equals("labels")) {
        field.shownAs(field.name().equals("uid") ? "uID" : field.name()).forbidden("cannot be set");
      }
    }
    spec(template.at("spec"));
  }

  public static void spec(FieldValue spec) {
    spec.at("accessModes").mustBeSet("at least 1 access mode is required");
    SelectorRules.selector(spec.at("selector"));
    accessModes(spec.at("accessModes"));
    FieldValue storage =
        spec.at("resources")
            .key("storage")
            .holding(spec.at("resources", "requests").struct().get("storage"));
    if (!storage.isSet()) {
      storage.required();
    } else if (ResourceNames.positive(storage)) {
      ResourceNames.amount(storage, "storage");
    }
    spec.at("storageClassName").mayBe(Formats::dnsSubdomain);
    spec.at("volumeMode").mayBeOneOf(VOLUME_MODES);
    FieldValue source = spec.at("dataSource");
    FieldValue reference = spec.at("dataSourceRef");
    dataSource(source);
    dataSource(reference);
    if (!reference.at("namespace").isEmpty()) {
      reference.at("namespace").mustBe(Formats::dnsLabel);
    }
    agree(spec, source, reference);
    spec.at("volumeAttributesClassName").mayBe(Formats::dnsSubdomain);
  }

  /// One Pod, or any number of nodes.
  static void accessModes(FieldValue modes) {
    for (FieldValue mode : modes.items()) {
      modes.holding(mode.value()).mustBeOneOf(ACCESS_MODES);
    }
    boolean others =
        modes.list().stream()
            .anyMatch(mode -> !mode.equals("ReadWriteOncePod") && ACCESS_MODES.contains(mode));
    if (others && modes.list().contains("ReadWriteOncePod")) {
      modes.forbidden("may not use ReadWriteOncePod with other access modes");
    }
  }

  private static void dataSource(FieldValue source) {
    if (!source.isSet()) {
      return;
    }
    source.at("name").mustBeSet();
    source.at("kind").mustBeSet();
    FieldValue group = source.at("apiGroup");
    if (group.isEmpty()) {
      if (!source.at("kind").is("PersistentVolumeClaim")) {
        source.invalid(
            source.at("kind").string(),
            "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
      }
    } else {
      group.mustBe(Formats::dnsSubdomain);
    }
  }

  private static void agree(FieldValue spec, FieldValue source, FieldValue reference) {
    if (!source.isSet() || !reference.isSet()) {
      return;
    }
    Struct one = source.struct();
    Struct other = reference.struct();
    if (!reference.at("namespace").isEmpty()) {
      spec.invalidText("{}", "may not be specified when dataSourceRef.namespace is specified");
    } else if (!one.string("kind").equals(other.string("kind"))
        || !one.string("name").equals(other.string("name"))
        || !Objects.equals(one.get("apiGroup"), other.get("apiGroup"))) {
      spec.invalidText("{}", "must match dataSourceRef");
    }
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    Struct old = before.struct("spec");
    Struct spec = now.at("spec").struct();
    Struct restored = withStorageClass(now, before);
    if (old.string("volumeName").isEmpty()) {
      restored = restored.without("volumeName");
    }
    boolean bound = now.at("status", "phase").is("Bound");
    if (bound && old.has("resources", "requests", "storage")) {
      restored =
          restored.withAt(
              old.string("resources", "requests", "storage"), "resources", "requests", "storage");
    }
    if (bound) {
      restored = Restoring.withField(restored, old, "volumeAttributesClassName");
    }
    if (!restored.equals(old)) {
      now.at("spec")
          .forbidden(
              "spec is immutable after creation except resources.requests and"
                  + " volumeAttributesClassName for bound claims\n"
                  + TreeDiff.of(old, restored, "io.k8s.api.core.v1.PersistentVolumeClaimSpec"));
    }
    size(now, spec, before);
    now.at("volumeMode").holding(spec.get("volumeMode")).mustEqual(old.get("volumeMode"));
    attributesClass(now.at("spec", "volumeAttributesClassName"), before);
  }

  /// The class can be named once, and be moved from the old annotation into the field.
  private static Struct withStorageClass(FieldValue now, Struct before) {
    Struct spec = now.at("spec").struct();
    String name = spec.string("storageClassName");
    boolean unnamed = !before.has("spec", "storageClassName") && spec.has("storageClassName");
    Struct notes = before.struct("metadata", "annotations");
    boolean noted = notes.get(OLD_CLASS) != null;
    boolean asNoted = noted && name.equals(notes.string(OLD_CLASS));
    FieldValue note = now.at("metadata", "annotations").at(OLD_CLASS);
    boolean moved = unnamed && asNoted && (!note.isSet() || note.is(name));
    if (!moved) {
      note.holding(note.string()).mustEqual(notes.string(OLD_CLASS));
    }
    return moved || (unnamed && (!noted || asNoted)) ? spec.without("storageClassName") : spec;
  }

  private static void size(FieldValue now, Struct spec, Struct before) {
    Quantity size = Quantity.from(spec.get("resources", "requests", "storage"));
    Quantity had = Quantity.from(before.get("spec", "resources", "requests", "storage"));
    Quantity has = Quantity.from(before.get("status", "capacity", "storage"));
    if (size.compareTo(had) < 0 && size.compareTo(has) <= 0) {
      now.at("spec", "resources")
          .at("requests", "storage")
          .forbidden("field can not be less than status.capacity");
    }
  }

  private static void attributesClass(FieldValue name, Struct before) {
    boolean changed = !Equality.same(name.value(), before.get("spec", "volumeAttributesClassName"));
    if (!changed || !before.has("status", "currentVolumeAttributesClassName")) {
      return;
    }
    if (!name.isSet()) {
      name.forbidden(
          "update to nil is forbidden when status.currentVolumeAttributesClassName is not nil");
    } else if (name.isEmpty()) {
      name.forbidden(
          "update to empty string is forbidden when status.currentVolumeAttributesClassName is not"
              + " nil");
    }
  }

  public static void status(FieldValue now, Struct before) {
    if (now.at("metadata", "resourceVersion").isEmpty()) {
      now.at("resourceVersion").required();
    }
    if (now.at("spec", "accessModes").isEmpty()) {
      now.at("Spec", "accessModes").required();
    }
    FieldValue status = now.at("status");
    for (FieldValue amount : status.at("capacity").entries()) {
      basicAmount(amount);
    }
    FieldValue states = status.at("allocatedResourceStatuses");
    for (FieldValue state : states.entries()) {
      resource(states, state.name());
      if (!RESIZE_STATES.contains(state.string())) {
        states.holding(state.name()).notSupported(RESIZE_STATES.stream().sorted().toList());
      }
    }
    FieldValue allocated = status.at("allocatedResources");
    for (FieldValue amount : allocated.entries()) {
      if (resource(allocated, amount.name()) && basicAmount(amount)) {
        ResourceNames.amount(amount, "storage");
      }
    }
  }

  /// An amount that is no less than nothing.
  static boolean basicAmount(FieldValue amount) {
    long units = Quantity.from(amount.value()).units();
    if (units < 0) {
      amount.invalid(units, "must be a valid resource quantity");
    }
    return units >= 0;
  }

  private static boolean resource(FieldValue map, String name) {
    FieldValue key = map.holding(name);
    if (!key.mustBe(Formats::labelKey)) {
      return false;
    }
    return !ResourceNames.isNative(name) || key.mustBeOneOf(List.of("storage"));
  }
}
