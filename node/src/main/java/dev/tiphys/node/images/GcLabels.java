package dev.tiphys.node.images;

/// The labels by which containerd knows what a blob refers to.
final class GcLabels {

  static final String CONFIG = "containerd.io/gc.ref.content.config";

  private GcLabels() {}

  static String layer(int index) {
    return "containerd.io/gc.ref.content.l." + index;
  }

  static String manifest(int index) {
    return "containerd.io/gc.ref.content.m." + index;
  }
}
