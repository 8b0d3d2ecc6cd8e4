package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.spec.References;
import dev.tiphys.node.spec.StartFailure;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What of the ConfigMaps and Secrets that a Pod refers to keeps its containers from starting, in
/// the words in which a node tells it.
///
/// Threads: any.
public final class Prerequisites {

  /// How often a node tries again.
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final References references;
  private final Set<ApiResource> known;

  /// @param known which of the two are known: what refers to the others finds them
  public Prerequisites(Api api, Set<ApiResource> known) {
    this.references = new References(api);
    this.known = Set.copyOf(known);
  }

  /// One reference: of a variable, of all variables, or of a volume.
  ///
  /// @param keys which keys there have to be
  private record Reference(
      ApiResource resource, String name, boolean optional, List<String> keys) {}

  /// Why a Pod's containers can't be started; absent if they can.
  public Optional<Behaviour.Waits> missing(Struct pod) {
    Set<String> mounted = mounted(pod);
    for (Struct volume : pod.structs("spec", "volumes")) {
      if (!mounted.contains(volume.string("name"))) {
        continue; // a node leaves alone what no container names
      }
      for (Reference reference : ofVolume(volume)) {
        Optional<String> problem = problem(pod, reference);
        if (problem.isPresent()) {
          String message =
              "MountVolume.SetUp failed for volume \""
                  + volume.string("name")
                  + "\" : "
                  + problem.get();
          return Optional.of(new Behaviour.Waits("ContainerCreating", message, AGAIN));
        }
      }
    }
    for (String list : List.of("initContainers", "containers")) {
      for (Struct container : pod.structs("spec", list)) {
        for (Reference reference : ofContainer(container)) {
          Optional<String> problem = problem(pod, reference);
          if (problem.isPresent()) {
            return Optional.of(new Behaviour.Waits(StartFailure.CONFIG, problem.get(), AGAIN));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Set<String> mounted(Struct pod) {
    return Stream.of("initContainers", "containers")
        .flatMap(list -> pod.structs("spec", list).stream())
        .flatMap(container -> container.structs("volumeMounts").stream())
        .map(mount -> mount.string("name"))
        .collect(Collectors.toSet());
  }

  private Optional<String> problem(Struct pod, Reference reference) {
    if (!known.contains(reference.resource)) {
      return Optional.empty();
    }
    String namespace = Meta.of(pod).namespace();
    try {
      Map<String, byte[]> data =
          references.data(reference.resource, namespace, reference.name, reference.optional);
      if (data == null || reference.optional) {
        return Optional.empty();
      }
      return reference.keys.stream()
          .filter(key -> !data.containsKey(key))
          .findFirst()
          .map(key -> StartFailure.noKey(key, reference.resource, namespace, reference.name))
          .map(StartFailure::message);
    } catch (StartFailure e) {
      return Optional.of(e.message());
    }
  }

  private static List<Reference> ofContainer(Struct container) {
    List<Reference> found = new ArrayList<>();
    for (Struct source : container.structs("envFrom")) {
      for (String field : List.of("configMapRef", "secretRef")) {
        if (source.has(field)) {
          found.add(reference(field, source.struct(field), "name", List.of()));
        }
      }
    }
    for (Struct variable : container.structs("env")) {
      for (String field : List.of("configMapKeyRef", "secretKeyRef")) {
        Struct reference = variable.struct("valueFrom", field);
        if (!reference.isEmpty()) {
          found.add(reference(field, reference, "name", List.of(reference.string("key"))));
        }
      }
    }
    return found;
  }

  private static List<Reference> ofVolume(Struct volume) {
    List<Reference> found = new ArrayList<>();
    List<Struct> sources = new ArrayList<>(volume.structs("projected", "sources"));
    if (volume.has("configMap")) {
      found.add(reference("configMap", volume.struct("configMap"), "name", keys(volume)));
    }
    if (volume.has("secret")) {
      found.add(reference("secret", volume.struct("secret"), "secretName", keys(volume)));
    }
    for (Struct source : sources) {
      for (String field : List.of("configMap", "secret")) {
        if (source.has(field)) {
          found.add(reference(field, source.struct(field), "name", keys(source)));
        }
      }
    }
    return found;
  }

  private static List<String> keys(Struct source) {
    Struct of = source.has("secret") ? source.struct("secret") : source.struct("configMap");
    return of.structs("items").stream().map(item -> item.string("key")).toList();
  }

  private static Reference reference(
      String field, Struct reference, String nameField, List<String> keys) {
    return new Reference(
        field.startsWith("secret") ? ApiResource.SECRETS : ApiResource.CONFIG_MAPS,
        reference.string(nameField),
        reference.bool("optional"),
        keys);
  }
}
