package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.Place;
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
      String field, String shown, String shownAsSecond, BiConsumer<Place, PodContext> rules) {}

  private static Source source(String field, BiConsumer<Place, PodContext> rules) {
    return new Source(field, field, field, rules);
  }

  /// In the order in which they are looked at: the first is the one that counts.
  private static final List<Source> SOURCES =
      List.of(
          source("emptyDir", (place, pod) -> emptyDir(place)),
          source("hostPath", (place, pod) -> DriverRules.hostPath(place)),
          source("gitRepo", (place, pod) -> gitRepo(place)),
          new Source(
              "gcePersistentDisk",
              "persistentDisk",
              "gcePersistentDisk",
              (place, pod) -> DriverRules.gcePersistentDisk(place)),
          source("awsElasticBlockStore", (place, pod) -> DriverRules.awsElasticBlockStore(place)),
          source("secret", (place, pod) -> files(place, "secretName")),
          source("nfs", (place, pod) -> DriverRules.nfs(place)),
          source("iscsi", (place, pod) -> iscsi(place)),
          source("glusterfs", (place, pod) -> DriverRules.set(place, "endpoints", "path")),
          source("flocker", (place, pod) -> DriverRules.flocker(place)),
          source("persistentVolumeClaim", (place, pod) -> DriverRules.set(place, "claimName")),
          source("rbd", (place, pod) -> DriverRules.set(place, "monitors", "image")),
          source("cinder", (place, pod) -> DriverRules.cinder(place, false)),
          new Source(
              "cephfs", "cephfs", "cephFS", (place, pod) -> DriverRules.set(place, "monitors")),
          source("quobyte", (place, pod) -> DriverRules.quobyte(place)),
          new Source("downwardAPI", "downwardAPI", "downwarAPI", (place, pod) -> downward(place)),
          source("fc", (place, pod) -> DriverRules.fibreChannel(place)),
          source("flexVolume", (place, pod) -> DriverRules.flexVolume(place)),
          source("configMap", (place, pod) -> files(place, "name")),
          source("azureFile", (place, pod) -> DriverRules.set(place, "secretName", "shareName")),
          source("vsphereVolume", (place, pod) -> DriverRules.set(place, "volumePath")),
          source("photonPersistentDisk", (place, pod) -> DriverRules.set(place, "pdID")),
          source("portworxVolume", (place, pod) -> DriverRules.set(place, "volumeID")),
          source("azureDisk", (place, pod) -> DriverRules.azureDisk(place)),
          source("storageos", (place, pod) -> DriverRules.storageOs(place, false)),
          source("projected", (place, pod) -> ProjectionRules.projected(place)),
          source(
              "scaleIO", (place, pod) -> DriverRules.set(place, "gateway", "system", "volumeName")),
          source("csi", (place, pod) -> csi(place)),
          source("ephemeral", (place, pod) -> ephemeral(place)),
          source("image", VolumeRules::image));

  /// All volumes. Those that are sound are put into the context.
  ///
  /// @param podName the name of the Pod, "" if there is none yet
  static void volumes(Place volumes, PodContext pod, String podName) {
    Set<String> claimsMade = claimsMade(volumes, podName);
    for (Place volume : volumes.items()) {
      int errors = volume.errors().size();
      source(volume, pod, podName);
      Place name = volume.at("name");
      name.mustBeSetAnd(Formats::dnsLabel);
      if (pod.volumes().containsKey(name.string())) {
        name.duplicate();
      }
      if (volume.errors().size() == errors) {
        pod.volumes().put(name.string(), volume.struct());
      }
      Place claim = volume.at("persistentVolumeClaim", "claimName");
      if (claimsMade.contains(claim.string())) {
        claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
      }
    }
  }

  private static Set<String> claimsMade(Place volumes, String podName) {
    Set<String> names = new HashSet<>();
    for (Struct volume : volumes.structs()) {
      if (volume.has("ephemeral") && !podName.isEmpty()) {
        names.add(podName + "-" + volume.string("name"));
      }
    }
    return names;
  }

  private static void source(Place volume, PodContext pod, String podName) {
    boolean found = false;
    Struct sources = volume.struct();
    for (Source source : SOURCES) {
      if (sources.get(source.field()) != null) {
        Place place = volume.at(source.field());
        if (found) {
          place.shownAs(source.shownAsSecond()).forbidden(SECOND);
        } else {
          found = true;
          source.rules().accept(place.shownAs(source.shown()), pod);
          nameFor(source.field(), volume, podName);
        }
      }
    }
    if (!found) {
      volume.required("must specify a volume type");
    }
  }

  /// Names that are made from the name of the volume.
  private static void nameFor(String source, Place volume, String podName) {
    Place name = volume.at("name");
    if (source.equals("iscsi")) {
      Place iscsi = volume.at("iscsi");
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

  private static void emptyDir(Place source) {
    Place limit = source.at("sizeLimit");
    if (limit.isSet() && Quantity.from(limit.value()).isNegative()) {
      limit.forbidden("SizeLimit field must be a valid resource quantity");
    }
  }

  private static void gitRepo(Place source) {
    source.at("repository").mustBeSet();
    PathRules.relative(source.at("directory"));
  }

  /// Files made of a Secret or a ConfigMap.
  private static void files(Place source, String name) {
    source.at(name).mustBeSet();
    PathRules.mode(source.at("defaultMode"));
    for (Place item : source.at("items").items()) {
      keyToPath(item);
    }
  }

  static void keyToPath(Place item) {
    item.at("key").mustBeSet();
    item.at("path").mustBeSet();
    PathRules.inVolume(item.at("path"));
    PathRules.mode(item.at("mode"));
  }

  private static void iscsi(Place source) {
    source.at("targetPortal").mustBeSet();
    DriverRules.iscsi(source, "must be valid format starting with iqn, eui, or naa");
  }

  private static void downward(Place source) {
    PathRules.mode(source.at("defaultMode"));
    for (Place item : source.at("items").items()) {
      downwardFile(source.holding(item.value()));
    }
  }

  /// Upstream's paths leave out which of the files is meant.
  static void downwardFile(Place file) {
    file.at("path").mustBeSet();
    PathRules.inVolume(file.at("path"));
    Place field = file.at("fieldRef");
    Place resource = file.at("resourceFieldRef");
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

  private static void csi(Place source) {
    DriverRules.csiDriver(source.at("driver"));
    Place secret = source.at("nodePublishSecretRef");
    if (secret.isSet() && secret.at("name").mustBeSet()) {
      source.at("name").holding(secret.at("name").value()).mustBe(Formats::dnsSubdomain);
    }
  }

  private static void ephemeral(Place source) {
    Place template = source.at("volumeClaimTemplate");
    if (template.isSet()) {
      ClaimRules.template(template);
    } else {
      template.required();
    }
  }

  private static void image(Place source, PodContext pod) {
    if (pod.isPod()) {
      source.at("reference").mustBeSet();
    }
    source.at("pullPolicy").mustBeSetToOneOf(ContainerRules.PULL_POLICIES);
  }
}
