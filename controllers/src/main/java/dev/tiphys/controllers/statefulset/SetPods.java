package dev.tiphys.controllers.statefulset;

import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// The Pods that a StatefulSet wants: each with a name, a host name and claims that follow from its
/// ordinal. Pure.
final class SetPods {

  /// The label with the name of the revision that a Pod was made from.
  static final String REVISION = "controller-revision-hash";

  private static final String NAME = "statefulset.kubernetes.io/pod-name";
  private static final String INDEX = "apps.kubernetes.io/pod-index";

  private SetPods() {}

  /// The revision that a Pod was made from.
  static String revisionOf(Struct pod) {
    return Meta.of(pod).label(REVISION);
  }

  /// A new Pod.
  ///
  /// @param revision the name of the revision that `template` is from
  static Struct pod(StatefulSet set, Struct template, String revision, long ordinal) {
    String name = set.podName(ordinal);
    Struct pod =
        Templates.podOf(set.meta(), template)
            .withAt(name, "metadata", "name")
            .withAt(name, "spec", "hostname")
            .withAt(revision, "metadata", "labels", REVISION);
    String service = set.spec().string("serviceName");
    return identified(
        set, service.isEmpty() ? pod : pod.withAt(service, "spec", "subdomain"), ordinal);
  }

  /// Whether a Pod is what its ordinal makes it: an adopted one may not be.
  static boolean isIdentified(StatefulSet set, Struct pod) {
    return identified(set, pod, set.ordinalOf(pod)).equals(pod);
  }

  /// The Pod with the labels and volumes that follow from its ordinal.
  static Struct identified(StatefulSet set, Struct pod, long ordinal) {
    Struct labelled =
        pod.withAt(set.podName(ordinal), "metadata", "labels", NAME)
            .withAt(Long.toString(ordinal), "metadata", "labels", INDEX);
    List<Struct> volumes = new ArrayList<>();
    boolean changed = false;
    List<Struct> present = pod.structs("spec", "volumes");
    for (Struct template : set.claimTemplates()) {
      String volume = Meta.of(template).name();
      String claim = claimName(set, template, ordinal);
      changed |=
          present.stream()
              .noneMatch(
                  each ->
                      each.string("name").equals(volume)
                          && each.string("persistentVolumeClaim", "claimName").equals(claim));
      volumes.add(
          new StructBuilder()
              .add("name", volume)
              .add("persistentVolumeClaim", Struct.of("claimName", claim))
              .build());
    }
    if (!changed) {
      return labelled;
    }
    List<String> taken = volumes.stream().map(volume -> volume.string("name")).toList();
    present.stream().filter(each -> !taken.contains(each.string("name"))).forEach(volumes::add);
    return labelled.withAt(volumes, "spec", "volumes");
  }

  /// The name of a Pod's claim.
  ///
  /// @param template the claim's template
  static String claimName(StatefulSet set, Struct template, long ordinal) {
    return Meta.of(template).name() + "-" + set.podName(ordinal);
  }
}
