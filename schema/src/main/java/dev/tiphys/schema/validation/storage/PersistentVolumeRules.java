package dev.tiphys.schema.validation.storage;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.ResourceNames;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.TreeDiff;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Rules for PersistentVolumes, and for the specification of one within a VolumeAttachment.
public final class PersistentVolumeRules {

  private static final String CORE = "io.k8s.api.core.v1.";
  private static final String INLINE = "may not be specified in the context of inline volumes";
  private static final String SECOND = "may not specify more than 1 volume type";
  private static final List<String> RECLAIM = List.of("Delete", "Recycle", "Retain");
  private static final int LONGEST_INITIATOR = 64;

  /// Fields of a specification that do not say where the data is.
  private static final Set<String> NO_SOURCES =
      Set.of(
          "accessModes",
          "capacity",
          "claimRef",
          "mountOptions",
          "nodeAffinity",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "volumeAttributesClassName",
          "volumeMode");

  /// Labels that were renamed when they became official.
  private static final Map<String, String> RENAMED =
      Map.of(
          "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
          "beta.kubernetes.io/os", "kubernetes.io/os",
          "beta.kubernetes.io/arch", "kubernetes.io/arch",
          "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");

  private PersistentVolumeRules() {}

  /// Where the data can be.
  ///
  /// @param field the field that says so
  /// @param shown what errors within it call the field
  /// @param shownAsSecond what the error calls it that there is another one
  /// @param rules what must hold within it, given the specification too
  private record Source(
      String field, String shown, String shownAsSecond, BiConsumer<FieldValue, FieldValue> rules) {}

  private static Source source(String field, BiConsumer<FieldValue, FieldValue> rules) {
    return new Source(field, field, field, rules);
  }

  private static final List<Source> SOURCES =
      List.of(
          source("hostPath", (value, spec) -> DriverRules.hostPath(value)),
          new Source(
              "gcePersistentDisk",
              "persistentDisk",
              "gcePersistentDisk",
              (value, spec) -> DriverRules.gcePersistentDisk(value)),
          source("awsElasticBlockStore", (value, spec) -> DriverRules.awsElasticBlockStore(value)),
          source("glusterfs", (value, spec) -> glusterfs(value)),
          source("flocker", (value, spec) -> DriverRules.flocker(value)),
          source("nfs", (value, spec) -> DriverRules.nfs(value)),
          source("rbd", (value, spec) -> DriverRules.set(value, "monitors", "image")),
          source("quobyte", (value, spec) -> DriverRules.quobyte(value)),
          new Source(
              "cephfs", "cephfs", "cephFS", (value, spec) -> DriverRules.set(value, "monitors")),
          source("iscsi", PersistentVolumeRules::iscsi),
          source("cinder", (value, spec) -> DriverRules.cinder(value, true)),
          source("fc", (value, spec) -> DriverRules.fibreChannel(value)),
          source("flexVolume", (value, spec) -> DriverRules.flexVolume(value)),
          source("azureFile", (value, spec) -> azureFile(value)),
          source("vsphereVolume", (value, spec) -> DriverRules.set(value, "volumePath")),
          source("photonPersistentDisk", (value, spec) -> DriverRules.set(value, "pdID")),
          source("portworxVolume", (value, spec) -> DriverRules.set(value, "volumeID")),
          source("azureDisk", (value, spec) -> DriverRules.azureDisk(value)),
          source(
              "scaleIO",
              (value, spec) -> DriverRules.set(value, "gateway", "system", "volumeName")),
          source("local", PersistentVolumeRules::local),
          source("storageos", (value, spec) -> DriverRules.storageOs(value, true)),
          source("csi", (value, spec) -> csi(value)));

  public static void create(FieldValue volume) {
    spec(volume.at("spec"), false);
  }

  /// @param inline whether it describes a volume that has no object of its own
  static void spec(FieldValue spec, boolean inline) {
    if (inline) {
      spec.at("claimRef").mustNotBeSet(INLINE);
      spec.at("capacity").mustNotBeSet(INLINE);
      if (!spec.at("csi").isSet()) {
        spec.at("csi").required("has to be specified in the context of inline volumes");
      }
    }
    spec.at("accessModes").mustBeSet();
    ClaimRules.accessModes(spec.at("accessModes"));
    if (!inline) {
      capacity(spec.at("capacity"));
    }
    reclaimPolicy(spec.at("persistentVolumeReclaimPolicy"), inline);
    nodeAffinity(spec.at("nodeAffinity"), inline);
    sources(spec);
    if (spec.at("hostPath").isSet()
        && spec.at("hostPath", "path").string().matches("/+(\\./*)*")
        && spec.at("persistentVolumeReclaimPolicy").is("Recycle")) {
      spec.at("persistentVolumeReclaimPolicy")
          .forbidden("may not be 'recycle' for a hostPath mount of '/'");
    }
    storageClass(spec, inline);
    attributesClass(spec);
  }

  private static void capacity(FieldValue capacity) {
    if (capacity.struct().isEmpty()) {
      capacity.required();
    }
    if (!capacity.struct().has("storage") || capacity.struct().size() > 1) {
      capacity.notSupportedText(
          capacity.isSet() ? GoText.of(capacity.value()) : "null", List.of("storage"));
    }
    for (FieldValue amount : capacity.entries()) {
      ClaimRules.basicAmount(amount);
      ResourceNames.positive(amount);
    }
  }

  private static void reclaimPolicy(FieldValue policy, boolean inline) {
    if (policy.isEmpty()) {
      return;
    }
    if (!inline) {
      policy.mustBeOneOf(RECLAIM);
    } else if (!policy.is("Retain")) {
      policy.forbidden("may only be Retain in the context of inline volumes");
    }
  }

  private static void nodeAffinity(FieldValue affinity, boolean inline) {
    if (!affinity.isSet()) {
      return;
    }
    if (inline) {
      affinity.forbidden(INLINE);
    } else if (affinity.at("required").isSet()) {
      SchedulingRules.nodeSelector(affinity.at("required"));
    } else {
      affinity.at("required").required("must specify required node constraints");
    }
  }

  private static void sources(FieldValue spec) {
    boolean found = false;
    for (Source source : SOURCES) {
      FieldValue value = spec.at(source.field());
      if (value.isSet()) {
        if (found && !source.field().equals("flexVolume")) {
          value.shownAs(source.shownAsSecond()).forbidden(SECOND);
        } else {
          found = true;
          source.rules().accept(value.shownAs(source.shown()), spec);
        }
      }
    }
    if (!found) {
      spec.required("must specify a volume type");
    }
  }

  private static void glusterfs(FieldValue source) {
    DriverRules.set(source, "endpoints", "path");
    FieldValue namespace = source.at("endpointsNamespace");
    if (namespace.isSet()) {
      if (namespace.isEmpty()) {
        namespace.invalid("if the endpointnamespace is set, it must be a valid namespace name");
      } else {
        namespace.mustBe(Formats::dnsLabel);
      }
    }
  }

  private static void iscsi(FieldValue source, FieldValue spec) {
    FieldValue portal = source.at("targetPortal");
    portal.mustBeSet();
    String name = spec.up().at("metadata", "name").string();
    if (source.at("initiatorName").isSet()
        && (name + ":" + portal.string()).length() > LONGEST_INITIATOR) {
      portal.shownAs("targetportal").invalid(DriverRules.LONG_INITIATOR);
    }
    DriverRules.iscsi(source, "must be valid format");
    if (source.at("secretRef").isSet()) {
      source.at("secretRef", "name").mustBeSet();
    }
  }

  private static void azureFile(FieldValue source) {
    DriverRules.set(source, "secretName", "shareName");
    if (source.at("secretNamespace").isSet()) {
      source.at("secretNamespace").mustBeSet();
    }
  }

  private static void local(FieldValue source, FieldValue spec) {
    if (source.at("path").mustBeSet()) {
      PathRules.noBacksteps(source.at("path"));
    }
    if (!spec.at("nodeAffinity").isSet()) {
      spec.at("nodeAffinity").required("Local volume requires node affinity");
    }
  }

  private static void csi(FieldValue source) {
    DriverRules.csiDriver(source.at("driver"));
    source.at("volumeHandle").mustBeSet();
    for (String field :
        List.of(
            "controllerPublishSecretRef",
            "controllerExpandSecretRef",
            "nodePublishSecretRef",
            "nodeExpandSecretRef")) {
      FieldValue secret = source.at(field);
      if (secret.isSet()) {
        secret.at("name").mustBeSetAnd(Formats::dnsSubdomain);
        secret.at("namespace").mustBeSetAnd(Formats::dnsLabel);
      }
    }
  }

  private static void storageClass(FieldValue spec, boolean inline) {
    FieldValue name = spec.at("storageClassName");
    FieldValue mode = spec.at("volumeMode");
    if (inline) {
      name.mustNotBeSet(INLINE);
      if (mode.isSet() && !mode.is("Filesystem")) {
        mode.forbidden(
            "may not specify volumeMode other than Filesystem in the context of inline volumes");
      }
    } else {
      name.mayBe(Formats::dnsSubdomain);
      mode.mayBeOneOf(ClaimRules.VOLUME_MODES);
    }
  }

  private static void attributesClass(FieldValue spec) {
    FieldValue name = spec.at("volumeAttributesClassName");
    if (!name.isSet()) {
      return;
    }
    if (name.mustBeSet("an empty string is disallowed")) {
      name.mustBe(Formats::dnsSubdomain);
    }
    if (!spec.at("csi").isSet()) {
      spec.at("csi").required("has to be specified when using volumeAttributesClassName");
    }
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    Struct spec = now.at("spec").struct();
    Struct old = before.struct("spec");
    Struct source = sourceOf(spec);
    boolean addsSecret =
        old.has("csi")
            && !old.has("csi", "controllerExpandSecretRef")
            && spec.has("csi", "controllerExpandSecretRef");
    Struct compared = addsSecret ? source.withoutAt("csi", "controllerExpandSecretRef") : source;
    if (!compared.equals(sourceOf(old))) {
      now.at("spec", "persistentvolumesource")
          .forbidden(
              "spec.persistentvolumesource is immutable after creation\n"
                  + TreeDiff.of(sourceOf(old), compared, CORE + "PersistentVolumeSpec"));
    }
    now.at("volumeMode").holding(spec.get("volumeMode")).mustEqual(old.get("volumeMode"));
    affinityStays(now.at("nodeAffinity").holding(spec.get("nodeAffinity")), old);
    if (old.has("volumeAttributesClassName") && !spec.has("volumeAttributesClassName")) {
      now.at("spec", "volumeAttributesClassName")
          .forbidden("update from non-nil value to nil is forbidden");
    }
  }

  private static Struct sourceOf(Struct spec) {
    Struct source = spec;
    for (String field : NO_SOURCES) {
      source = source.without(field);
    }
    return source;
  }

  private static void affinityStays(FieldValue affinity, Struct old) {
    if (!old.has("nodeAffinity")) {
      return;
    }
    String now = affinity.struct().toString();
    String before = old.struct("nodeAffinity").toString();
    if (!now.equals(before) && !now.equals(renamed(before, now))) {
      affinity.invalidText(
          GoText.struct(affinity.value(), CORE + "VolumeNodeAffinity"),
          "field is immutable, except for updating from beta label to GA");
    }
  }

  /// The old affinity with those labels renamed that the new one has under their new names.
  private static String renamed(String before, String now) {
    String text = before;
    for (Map.Entry<String, String> label : RENAMED.entrySet()) {
      String key = "\"key\":\"" + label.getKey() + "\"";
      if (!now.contains(key)) {
        text = text.replace(key, "\"key\":\"" + label.getValue() + "\"");
      }
    }
    return text;
  }

  public static void status(FieldValue now, Struct before) {
    if (now.at("metadata", "resourceVersion").isEmpty()) {
      now.at("resourceVersion").required();
    }
  }
}
