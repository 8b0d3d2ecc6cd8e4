package dev.tiphys.scheduler.volumes;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives a claim that only one Pod may use to one Pod.
public final class VolumeRestrictions implements FilterPlugin {

  private static final String NAME = "VolumeRestrictions";
  private static final Rejection REJECTION =
      Rejection.curable(
          NAME,
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");

  private final Volumes volumes;
  private final Cluster cluster;

  public VolumeRestrictions(Volumes volumes, Cluster cluster) {
    this.volumes = volumes;
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Filter preFilter(PodTemplate pod) {
    List<String> exclusive =
        volumes.claims(pod).stream()
            .filter(claim -> claim.strings("spec", "accessModes").contains("ReadWriteOncePod"))
            .map(claim -> claim.string("metadata", "name"))
            .toList();
    return !exclusive.isEmpty() && isUsed(pod.namespace(), exclusive) ? _ -> REJECTION : null;
  }

  private boolean isUsed(String namespace, List<String> claims) {
    return cluster.nodes().stream()
        .flatMap(node -> node.pods().stream())
        .filter(other -> other.template().namespace().equals(namespace))
        .flatMap(other -> other.template().claims().stream())
        .anyMatch(claim -> claims.contains(claim.name()));
  }

  @Override
  public boolean mayHelp(ClusterEvent event, PodTemplate pod) {
    return event instanceof ClusterEvent.PodLeft(var other, var _)
        && other.template().namespace().equals(pod.namespace())
        && other.template().claims().stream().anyMatch(pod.claims()::contains);
  }
}
