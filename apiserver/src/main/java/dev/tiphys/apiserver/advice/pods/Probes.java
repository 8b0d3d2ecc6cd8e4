package dev.tiphys.apiserver.advice.pods;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which ports and hosts probes and hooks ask, and for how long hooks sleep.
public final class Probes {

  private static final Set<String> OWN_HOST = Set.of("localhost", "127.0.0.1", "::1");

  private Probes() {}

  /// The handlers of a container's probes and hooks.
  static List<Place> handlers(Place container) {
    List<Place> all = new ArrayList<>();
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.object().has(probe)) {
        all.add(container.at(probe));
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      if (container.object().has("lifecycle", hook)) {
        all.add(container.at("lifecycle", hook));
      }
    }
    return all;
  }

  private static List<Place> requests(Place container) {
    List<Place> all = new ArrayList<>();
    for (Place handler : handlers(container)) {
      for (String kind : List.of("httpGet", "tcpSocket")) {
        if (handler.object().has(kind)) {
          all.add(handler.at(kind));
        }
      }
    }
    return all;
  }

  /// Ports by names that their container has not: a name is looked for nowhere else.
  public static void ports(Scene scene, Template pods) {
    for (Place container : pods.containers()) {
      for (Place request : requests(container)) {
        Object port = request.object().get("port");
        if (port instanceof String name && !isNumber(name) && !hasPort(container.object(), name)) {
          scene.advise(
              request.path("port"),
              "container \"%s\" has no port named \"%s\", so this can never succeed; write the number, or give the name to one of its ports%s"
                  .formatted(container.object().string("name"), name, named(container.object())));
        }
      }
    }
  }

  private static String named(Struct container) {
    List<String> names =
        container.structs("ports").stream()
            .map(port -> port.string("name"))
            .filter(name -> !name.isEmpty())
            .toList();
    return names.isEmpty() ? "" : " (it has " + String.join(", ", names) + ")";
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hasPort(Struct container, String name) {
    return container.structs("ports").stream().anyMatch(port -> port.string("name").equals(name));
  }

  /// A loopback address is that of the node, where probes start from.
  public static void hosts(Scene scene, Template pods) {
    if (pods.spec().object().bool("hostNetwork")) {
      return;
    }
    for (Place container : pods.containers()) {
      for (Place request : requests(container)) {
        String host = request.object().string("host");
        if (OWN_HOST.contains(host)) {
          scene.advise(
              request.path("host"),
              "the node asks, so %s is the node and not the Pod; leave host out".formatted(host));
        }
      }
    }
  }

  /// Hooks that sleep for longer than the Pod is given to end.
  public static void sleeps(Scene scene, Template pods) {
    long grace = pods.spec().object().integer("terminationGracePeriodSeconds");
    for (Place container : pods.containers()) {
      List<String> words = container.object().strings("lifecycle", "preStop", "exec", "command");
      long sleep = Commands.sleep(words);
      if (grace > 0 && sleep >= grace) {
        scene.advise(
            container.path("lifecycle.preStop.exec.command"),
            "sleeps for %d seconds, but containers are killed after terminationGracePeriodSeconds: %d; write a larger one there"
                .formatted(sleep, grace));
      }
    }
  }
}
