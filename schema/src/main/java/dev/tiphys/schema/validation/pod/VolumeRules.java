package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.storage.ClaimRules;
import dev.tiphys.schema.validation.storage.DriverRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// Rules for the volumes of a Pod.
final class VolumeRules {

  private static final String SECOND = "may not specify more than 1 volume type";
  private static final int LONGEST_INITIATOR = 64;

  private VolumeRules() {}

  /// Where the data of a volume can come from.
  ///
  /// @param field the field that says so
  /// @param shown what errors within it call the field
  /// @param shownAsSecond what the error calls it that there is another one
  /// @param rules what must hold within it
  private record Source(
      String field, String shown, String shownAsSecond, BiConsumer<FieldValue, PodContext> rules) {}

  private static Source source(String field, BiConsumer<FieldValue, PodContext> rules) {
    return new Source(field, field, field, rules);
  }

  /// In the order in which they are looked at: the first is the one that counts.
  private static final List<Source> SOURCES =
      List.of(
          source("emptyDir", (value, pod) -> emptyDir(value)),
          source("hostPath", (value, pod) -> DriverRules.hostPath(value)),
          source("gitRepo", (value, pod) -> gitRepo(value)),
          new Source(
              "gcePersistentDisk",
              "persistentDisk",
              "gcePersistentDisk",
              (value, pod) -> DriverRules.gcePersistentDisk(value)),
          source("awsElasticBlockStore", (value, pod) -> DriverRules.awsElasticBlockStore(value)),
          source("secret", (value, pod) -> files(value, "secretName")),
          source("nfs", (value, pod) -> DriverRules.nfs(value)),
          source("iscsi", (value, pod) -> iscsi(value)),
          source("glusterfs", (value, pod) -> DriverRules.set(value, "endpoints", "path")),
          source("flocker", (value, pod) -> DriverRules.flocker(value)),
          source("persistentVolumeClaim", (value, pod) -> DriverRules.set(value, "claimName")),
          source("rbd", (value, pod) -> DriverRules.set(value, "monitors", "image")),
          source("cinder", (value, pod) -> DriverRules.cinder(value, false)),
          new Source(
              "cephfs", "cephfs", "cephFS", (value, pod) -> DriverRules.set(value, "monitors")),
          source("quobyte", (value, pod) -> DriverRules.quobyte(value)),
          new Source("downwardAPI", "downwardAPI", "downwarAPI", (value, pod) -> downward(value)),
          source("fc", (value, pod) -> DriverRules.fibreChannel(value)),
          source("flexVolume", (value, pod) -> DriverRules.flexVolume(value)),
          source("configMap", (value, pod) -> files(value, "name")),
          source("azureFile", (value, pod) -> DriverRules.set(value, "secretName", "shareName")),
          source("vsphereVolume", (value, pod) -> DriverRules.set(value, "volumePath")),
          source("photonPersistentDisk", (value, pod) -> DriverRules.set(value, "pdID")),
          source("portworxVolume", (value, pod) -> DriverRules.set(value, "volumeID")),
          source("azureDisk", (value, pod) -> DriverRules.azureDisk(value)),
          source("storageos", (value, pod) -> DriverRules.storageOs(value, false)),
          source("projected", (value, pod) -> ProjectionRules.projected(value)),
          source(
              "scaleIO", (value, pod) -> DriverRules.set(value, "gateway", "system", "volumeName")),
          source("csi", (value, pod) -> csi(value)),
          source("ephemeral", (value, pod) -> ephemeral(value)),
          source("image", VolumeRules::image));

  /// All volumes. Those that are sound are put into the context.
  ///
  /// @param podName the name of the Pod, "" if there is none yet
  static void volumes(FieldValue volumes, PodContext pod, String podName) {
    Set<String> claimsMade = claimsMade(volumes, podName);
    for (FieldValue volume : volumes.items()) {
      int errors = volume.errors().size();
      source(volume, pod, podName);
      FieldValue name = volume.at("name");
      name.mustBeSetAnd(Formats::dnsLabel);
      if (pod.volumes().containsKey(name.string())) {
        name.duplicate();
      }
      if (volume.errors().size() == errors) {
        pod.volumes().put(name.string(), volume.struct());
      }
      FieldValue claim = volume.at("persistentVolumeClaim", "claimName");
      if (claimsMade.contains(claim.string())) {
        claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
      }
    }
  }

  private static Set<String> claimsMade(FieldValue volumes, String podName) {
    Set<String> names = new HashSet<>();
    for (Struct volume : volumes.structs()) {
      if (volume.has("ephemeral") && !podName.isEmpty()) {
        names.add(podName + "-" + volume.string("name"));
      }
    }
    return names;
  }

  private static void source(FieldValue volume, PodContext pod, String podName) {
    boolean found = false;
    Struct sources = volume.struct();
    for (Source source : SOURCES) {
      if (sources.get(source.field()) != null) {
        FieldValue value = volume.at(source.field());
        if (found) {
          value.shownAs(source.shownAsSecond()).forbidden(SECOND);
        } else {
          found = true;
          source.rules().accept(value.shownAs(source.shown()), pod);
          nameFor(source.field(), volume, podName);
        }
      }
    }
    if (!found) {
      volume.required("must specify a volume type");
    }
  }

  /// Names that are made from the name of the volume.
  private static void nameFor(String source, FieldValue volume, String podName) {
    FieldValue name = volume.at("name");
    if (source.equals("iscsi")) {
      FieldValue iscsi = volume.at("iscsi");
      String made = name.string() + ":" + iscsi.at("targetPortal").string();
      if (iscsi.at("initiatorName").isSet() && made.length() > LONGEST_INITIATOR) {
        name.invalid(DriverRules.LONG_INITIATOR);
      }
    } else if (source.equals("ephemeral") && !podName.isEmpty() && !name.isEmpty()) {
      String made = podName + "-" + name.string();
      for (String problem : Formats.dnsSubdomain(made)) {
        name.invalid("PVC name " + GoText.quoted(made) + ": " + problem);
      }
    }
  }

  private static void emptyDir(FieldValue source) {
    FieldValue limit = source.at("sizeLimit");
    if (limit.isSet() && Quantity.from(limit.value()).isNegative()) {
      limit.forbidden("SizeLimit field must be a valid resource quantity");
    }
  }

  private static void gitRepo(FieldValue source) {
    source.at("repository").mustBeSet();
    PathRules.relative(source.at("directory"));
  }

  /// Files made of a Secret or a ConfigMap.
  private static void files(FieldValue source, String name) {
    source.at(name).mustBeSet();
    PathRules.mode(source.at("defaultMode"));
    for (FieldValue item : source.at("items").items()) {
      keyToPath(item);
    }
  }

  static void keyToPath(FieldValue item) {
    item.at("key").mustBeSet();
    item.at("path").mustBeSet();
    PathRules.inVolume(item.at("path"));
    PathRules.mode(item.at("mode"));
  }

  private static void iscsi(FieldValue source) {
    source.at("targetPortal").mustBeSet();
    DriverRules.iscsi(source, "must be valid format starting with iqn, eui, or naa");
  }

  private static void downward(FieldValue source) {
    PathRules.mode(source.at("defaultMode"));
    for (FieldValue item : source.at("items").items()) {
      downwardFile(source.holding(item.value()));
    }
  }

  /// Upstream's paths leave out which of the files is meant.
  static void downwardFile(FieldValue file) {
    file.at("path").mustBeSet();
    PathRules.inVolume(file.at("path"));
    FieldValue field = file.at("fieldRef");
    FieldValue resource = file.at("resourceFieldRef");
    if (field.isSet()) {
      FieldReferenceRules.field(field, FieldReferenceRules.IN_VOLUMES);
      if (resource.isSet()) {
        file.invalid(
            "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
      }
    } else if (resource.isSet()) {
      FieldReferenceRules.resource(resource, true);
    } else {
      file.required("one of fieldRef and resourceFieldRef is required");
    }
    PathRules.mode(file.at("mode"));
  }

  private static void csi(FieldValue source) {
    DriverRules.csiDriver(source.at("driver"));
    FieldValue secret = source.at("nodePublishSecretRef");
    if (secret.isSet() && secret.at("name").mustBeSet()) {
      source.at("name").holding(secret.at("name").value()).mustBe(Formats::dnsSubdomain);
    }
  }

  private static void ephemeral(FieldValue source) {
    FieldValue template = source.at("volumeClaimTemplate");
    if (template.isSet()) {
      ClaimRules.template(template);
    } else {
      template.required();
    }
  }

  private static void image(FieldValue source, PodContext pod) {
    if (pod.isPod()) {
      source.at("reference").mustBeSet();
    }
    source.at("pullPolicy").mustBeSetToOneOf(ContainerRules.PULL_POLICIES);
  }
}
