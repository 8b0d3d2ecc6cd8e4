package dev.tiphys.scheduler.cluster;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/// Everything about a Pod that decides which nodes suit it, read once for all Pods that say the
/// same.
///
/// @param id tells templates apart: equal texts have equal numbers
/// @param requests what a node must have free
/// @param scored what the Pod counts for when nodes are scored
/// @param images the images of its containers, with their tags
/// @param claims the claims to volumes that it uses
/// @param spread its own constraints, or the defaults
/// @param spreadByDefault whether those are the defaults
public record PodTemplate(
    long id,
    String namespace,
    Struct labels,
    ResourceList requests,
    ResourceList scored,
    List<HostPort> ports,
    List<String> images,
    List<Claim> claims,
    List<Toleration> tolerations,
    NodeAffinity nodeAffinity,
    PodAffinity podAffinity,
    List<SpreadConstraint> spread,
    boolean spreadByDefault) {

  /// A claim to a volume.
  ///
  /// @param ephemeral whether it is made for one Pod, and goes with it
  public record Claim(String name, boolean ephemeral) {

    static List<Claim> of(Struct pod) {
      List<Claim> claims = new ArrayList<>();
      for (Struct volume : pod.structs("spec", "volumes")) {
        if (volume.has("persistentVolumeClaim")) {
          claims.add(new Claim(volume.string("persistentVolumeClaim", "claimName"), false));
        } else if (volume.has("ephemeral")) {
          claims.add(new Claim(pod.string("metadata", "name") + "-" + volume.string("name"), true));
        }
      }
      return claims;
    }
  }

  static PodTemplate of(long id, Struct pod) {
    String namespace = pod.string("metadata", "namespace");
    Struct labels = pod.struct("metadata", "labels");
    Struct spec = pod.struct("spec");
    return new PodTemplate(
        id,
        namespace,
        labels,
        PodRequests.of(spec),
        PodRequests.scored(spec),
        HostPort.of(spec),
        images(spec),
        List.copyOf(Claim.of(pod)),
        Toleration.of(spec),
        NodeAffinity.of(spec),
        PodAffinity.of(spec, namespace, labels),
        SpreadConstraint.of(spec, labels),
        false);
  }

  private static List<String> images(Struct spec) {
    List<String> images = new ArrayList<>();
    for (String field : List.of("initContainers", "containers")) {
      for (Struct container : spec.structs(field)) {
        String image = container.string("image");
        boolean bare = image.lastIndexOf(':') <= image.lastIndexOf('/');
        images.add(bare ? image + ":latest" : image);
      }
    }
    return List.copyOf(images);
  }

  /// This template, spread as Pods of one owner are.
  public PodTemplate spreadLike(LabelSelector ofOwner) {
    return new PodTemplate(
        id,
        namespace,
        labels,
        requests,
        scored,
        ports,
        images,
        claims,
        tolerations,
        nodeAffinity,
        podAffinity,
        SpreadConstraint.defaults(ofOwner),
        true);
  }
}
