package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;

/// Adds to a Pod's template what other objects say about it, as Services do about spreading. What
/// is kept for a template is kept for the refined one.
public interface TemplateRefiner extends Plugin {

  /// The template, refined: the same instance for the same refinement, with a number of its own; or
  /// the given one if there is nothing to add.
  PodTemplate refine(PodInfo pod, PodTemplate template);
}
