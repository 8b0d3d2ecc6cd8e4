package dev.tiphys.apiserver.advice.network;

import dev.tiphys.apiserver.advice.manifest.Place;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Backends of Ingresses: ports that their Services, which exist, do not have.
public final class Ingresses {

  private Ingresses() {}

  public static void ofIngress(Scene scene) {
    for (Place backend : backends(scene.manifest())) {
      String name = backend.object().string("name");
      Struct service = scene.find("", "services", name);
      if (service != null && lacks(service, backend.object().struct("port"))) {
        scene.advise(
            backend.path("port"),
            "Service \"%s\" has no port %s, so nothing answers; write one of %s"
                .formatted(name, text(backend.object().struct("port")), ports(service)));
      }
    }
  }

  public static void ofService(Scene scene) {
    for (Struct ingress : scene.list("networking.k8s.io", "ingresses")) {
      for (Place backend : backends(new Place(ingress, ""))) {
        Struct port = backend.object().struct("port");
        if (backend.object().string("name").equals(scene.name()) && lacks(scene.object(), port)) {
          scene.advise(
              "spec.ports",
              "Ingress \"%s\" leads to port %s of this Service, which it does not have; add it, or write one of %s in the Ingress"
                  .formatted(
                      ingress.string("metadata", "name"), text(port), ports(scene.object())));
        }
      }
    }
  }

  private static List<Place> backends(Place ingress) {
    List<Place> all = new ArrayList<>();
    all.add(ingress.at("spec", "defaultBackend", "service"));
    for (Place rule : ingress.items("spec", "rules")) {
      for (Place path : rule.items("http", "paths")) {
        all.add(path.at("backend", "service"));
      }
    }
    all.removeIf(each -> each.object().isEmpty());
    return all;
  }

  private static boolean lacks(Struct service, Struct port) {
    if (service.string("spec", "type").equals("ExternalName")) {
      return false;
    }
    return service.structs("spec", "ports").stream()
        .noneMatch(
            each ->
                port.string("name").isEmpty()
                    ? each.integer("port") == port.integer("number")
                    : each.string("name").equals(port.string("name")));
  }

  private static String text(Struct port) {
    String name = port.string("name");
    return name.isEmpty() ? String.valueOf(port.integer("number")) : "\"" + name + "\"";
  }

  private static String ports(Struct service) {
    List<String> all = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      String name = port.string("name");
      all.add("number: " + port.integer("port") + (name.isEmpty() ? "" : " (name: " + name + ")"));
    }
    return String.join(", ", all);
  }
}
