package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Requests and limits that can't be meant.
public final class Amounts {

  private static final Quantity LEAST_MEMORY = Quantity.ofBytes(1 << 20);
  private static final List<String> OF_NODES = List.of("cpu", "memory", "ephemeral-storage");

  private Amounts() {}

  /// Memory in which no process fits, since the unit was left out or is another one than meant.
  public static void bytes(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      for (String kind : List.of("limits", "requests")) {
        Place amounts = container.at("resources", kind);
        Object amount = amounts.object().get("memory");
        boolean isOfLimit =
            kind.equals("requests")
                && amount != null
                && amount.equals(container.object().get("resources", "limits", "memory"));
        if (amount != null && !isOfLimit && isTooLittle(Quantity.from(amount))) {
          scene.advise(
              amounts.path("memory"),
              "%s is less than a mebibyte, in which no program fits: without a unit bytes are counted, with m thousandths of them; write %sMi if mebibytes are meant"
                  .formatted(amount, String.valueOf(amount).replaceAll("[^0-9.]", "")));
        }
      }
    }
  }

  private static boolean isTooLittle(Quantity amount) {
    return !amount.isZero() && amount.compareTo(LEAST_MEMORY) < 0;
  }

  /// Requests that no node can meet, however empty it is.
  public static void tooLarge(Scene scene, Template pods) {
    for (String resource : OF_NODES) {
      Quantity wanted = request(pods, resource);
      if (!wanted.isZero() && scene.noNode(node -> has(node, resource, wanted))) {
        scene.advise(
            pods.spec().path("containers"),
            "request %s: %s, more than any node has at present (at most %s), so Pods stay Pending; write less%s"
                .formatted(resource, wanted, largest(scene, resource), hint(resource, wanted)));
      }
    }
  }

  private static String hint(String resource, Quantity wanted) {
    return resource.equals("cpu") && wanted.isWhole()
        ? ", such as " + wanted + "m if thousandths of a CPU are meant"
        : "";
  }

  /// Whether a node has so much; a new one, which has yet to say what it has, may.
  private static boolean has(Struct node, String resource, Quantity wanted) {
    Object amount = node.get("status", "allocatable", resource);
    return amount == null || Quantity.from(amount).compareTo(wanted) >= 0;
  }

  private static Quantity largest(Scene scene, String resource) {
    return scene.listAll("", "nodes").stream()
        .map(node -> Quantity.from(node.get("status", "allocatable", resource)))
        .max(Quantity::compareTo)
        .orElse(Quantity.ZERO);
  }

  /// What the containers of a Pod want at the same time, and no less than any that begins.
  private static Quantity request(Template pods, String resource) {
    Struct own = pods.spec().object().struct("resources", "requests");
    if (own.has(resource)) {
      return Quantity.from(own.get(resource));
    }
    Quantity sum = Quantity.ZERO;
    for (Struct container : pods.spec().object().structs("containers")) {
      sum = sum.plus(of(container, resource));
    }
    List<Quantity> all = new ArrayList<>(List.of(sum));
    pods.spec().object().structs("initContainers").forEach(each -> all.add(of(each, resource)));
    return all.stream().max(Quantity::compareTo).orElse(sum);
  }

  private static Quantity of(Struct container, String resource) {
    Object request = container.get("resources", "requests", resource);
    Object amount =
        request == null ? container.get("resources", "limits", resource) : request; // as Pods do
    return amount == null ? Quantity.ZERO : Quantity.from(amount);
  }
}
