package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How many volumes and claims there are, and are bound, under upstream's names (`pv_collector_…`):
/// those that the controller knows that was made last. And what it does with them.
///
/// Threads: any.
public final class VolumeMetrics {

  private static final String PREFIX = "pv_collector_";
  private static final String CLASS = "storage_class";

  /// What volumes are told by that no driver of their own looks after.
  private static final Map<String, String> PLUGINS =
      Map.of(
          "fc", "kubernetes.io/fc",
          "hostPath", "kubernetes.io/host-path",
          "iscsi", "kubernetes.io/iscsi",
          "local", "kubernetes.io/local-volume",
          "nfs", "kubernetes.io/nfs");

  private static final Predicate<Struct> IS_BOUND =
      each -> each.string("status", "phase").equals("Bound");

  private final GaugeFamily all =
      new GaugeFamily(
          PREFIX + "total_pv_count", "PersistentVolumes.", "plugin_name", "volume_mode");
  private final GaugeFamily boundVolumes =
      new GaugeFamily(PREFIX + "bound_pv_count", "PersistentVolumes that are bound.", CLASS);
  private final GaugeFamily unboundVolumes =
      new GaugeFamily(PREFIX + "unbound_pv_count", "PersistentVolumes that are not bound.", CLASS);
  private final GaugeFamily boundClaims =
      ofClaims("bound_pvc_count", "PersistentVolumeClaims that are bound.");
  private final GaugeFamily unboundClaims =
      ofClaims("unbound_pvc_count", "PersistentVolumeClaims that are not bound.");

  private final CounterFamily given =
      new CounterFamily(
          "retroactive_storageclass_total", "Claims that were to get the default class later.");
  private final CounterFamily notGiven =
      new CounterFamily(
          "retroactive_storageclass_errors_total",
          "Claims that could not be given the default class.");
  private final VolumeOperations operations;

  private volatile @Nullable Informer volumes;
  private volatile @Nullable Informer claims;

  public VolumeMetrics(World world) {
    operations = new VolumeOperations(world);
    given.add(0); // both are told from the start, as upstream's are
    notGiven.add(0);
  }

  /// Where volumes that are made and deleted are counted.
  VolumeOperations operations() {
    return operations;
  }

  /// A claim that named no class was to get the default one.
  void gaveClass(boolean success) {
    given.count();
    if (!success) {
      notGiven.count();
    }
  }

  private static GaugeFamily ofClaims(String name, String help) {
    return new GaugeFamily(PREFIX + name, help, "namespace", CLASS, "volume_attributes_class");
  }

  /// Tells of the volumes and claims that informers know from now on.
  void count(Informer knownVolumes, Informer knownClaims) {
    volumes = knownVolumes;
    claims = knownClaims;
  }

  /// Writes all of it, if there is a controller.
  public void write(Exposition out) {
    given.write(out);
    notGiven.write(out);
    operations.write(out);
    Informer knownVolumes = volumes;
    Informer knownClaims = claims;
    if (knownVolumes == null || knownClaims == null) {
      return;
    }
    List<Struct> present = knownVolumes.list();
    all.write(out, count(present, _ -> true, VolumeMetrics::kind));
    boundVolumes.write(out, count(present, IS_BOUND, VolumeMetrics::classOf));
    unboundVolumes.write(out, count(present, IS_BOUND.negate(), VolumeMetrics::classOf));
    List<Struct> claimed = knownClaims.list();
    boundClaims.write(out, count(claimed, IS_BOUND, VolumeMetrics::labels));
    unboundClaims.write(out, count(claimed, IS_BOUND.negate(), VolumeMetrics::labels));
  }

  private static Map<List<String>, Long> count(
      List<Struct> objects, Predicate<Struct> which, Function<Struct, List<String>> labels) {
    return objects.stream()
        .filter(which)
        .collect(Collectors.groupingBy(labels, Collectors.counting()));
  }

  private static List<String> kind(Struct volume) {
    return List.of(plugin(volume), volume.string("spec", "volumeMode"));
  }

  /// What looks after a volume, as metrics call it.
  static String plugin(Struct volume) {
    String driver = volume.string("spec", "csi", "driver");
    return driver.isEmpty()
        ? PLUGINS.entrySet().stream()
            .filter(each -> volume.has("spec", each.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("N/A")
        : "kubernetes.io/csi:" + driver;
  }

  private static List<String> classOf(Struct object) {
    return List.of(object.string("spec", "storageClassName"));
  }

  private static List<String> labels(Struct claim) {
    return List.of(
        Meta.of(claim).namespace(),
        claim.string("spec", "storageClassName"),
        claim.string("spec", "volumeAttributesClassName"));
  }
}
