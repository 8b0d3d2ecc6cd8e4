package dev.tiphys.scheduler.cluster;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Everything about a Pod that decides which nodes suit it, read once for all Pods that say the
/// same.
///
/// @param id tells templates apart: equal texts have equal numbers
/// @param requests what a node must have free
/// @param scored what the Pod counts for when nodes are scored
/// @param images the images of its containers, with their tags
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
    List<Toleration> tolerations,
    NodeAffinity nodeAffinity,
    PodAffinity podAffinity,
    List<SpreadConstraint> spread,
    boolean spreadByDefault) {

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

  /// This template, spread as its Pods are that say nothing about it.
  ///
  /// @param number tells the new template from all others
  public PodTemplate spreadBy(List<SpreadConstraint> constraints, long number) {
    return new PodTemplate(
        number,
        namespace,
        labels,
        requests,
        scored,
        ports,
        images,
        tolerations,
        nodeAffinity,
        podAffinity,
        constraints,
        true);
  }
}
