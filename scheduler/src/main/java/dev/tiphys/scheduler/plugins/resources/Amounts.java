package dev.tiphys.scheduler.plugins.resources;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Quantity;

/// Amounts of resources by name.
final class Amounts {

  private Amounts() {}

  static long of(ResourceList list, String resource) {
    return switch (resource) {
      case "cpu" -> list.cpu();
      case "memory" -> list.memory();
      case "ephemeral-storage" -> list.ephemeralStorage();
      default -> list.other(resource);
    };
  }

  /// An amount as manifests have it.
  static String text(String resource, long amount) {
    return switch (resource) {
      case "cpu" -> Quantity.ofMilli(amount).toString();
      case "memory", "ephemeral-storage" -> Quantity.ofBytes(amount).toString();
      default -> String.valueOf(amount);
    };
  }

  /// Whether all nodes have it. A resource that only some have is looked at only for Pods that ask
  /// for it.
  static boolean isCommon(String resource) {
    return switch (resource) {
      case "cpu", "memory", "ephemeral-storage" -> true;
      default -> false;
    };
  }
}
