package dev.tiphys.apiserver.advice.manifest;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A manifest that is being written, and what rules may ask of its surroundings.
///
/// What is asked for is bounded: where a namespace holds more than [#MOST] objects of a resource,
/// rules see none of them and so say nothing.
///
/// Threads: one.
public final class Scene {

  /// How many objects of a resource rules look at.
  public static final int MOST = 500;

  private static final int FEW = 16;

  /// How long an object may wait for those that it names: files are applied one object at a time.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String resource;
  private final Struct object;
  private final @Nullable Struct old;
  private final Present present;
  private final Instant now;
  private final Consumer<String> listener;
  private final Map<String, List<Struct>> seen = new HashMap<>(4);
  private final @Nullable Template template;
  private @Nullable List<Workload> workloads;
  private String rule = "";

  /// @param resource plural and group, as in `deployments.apps`
  /// @param old the state that is replaced; null if the object is new
  /// @param listener is told the advice
  public Scene(
      String resource,
      Struct object,
      @Nullable Struct old,
      Present present,
      Instant now,
      Consumer<String> listener) {
    this.resource = resource;
    this.object = object;
    this.old = old;
    this.present = present;
    this.now = now;
    this.listener = listener;
    this.template = Template.of(resource, object);
  }

  /// Lets a rule look at it.
  public void show(Rule asked) {
    rule = asked.name();
    asked.look().accept(this);
  }

  public String resource() {
    return resource;
  }

  public boolean is(String other) {
    return resource.equals(other);
  }

  /// The manifest, with its defaults.
  public Place manifest() {
    return new Place(object, "");
  }

  public Struct object() {
    return object;
  }

  public String namespace() {
    return object.string("metadata", "namespace");
  }

  public String name() {
    return object.string("metadata", "name");
  }

  /// The state that is replaced; null if the object is new.
  public @Nullable Struct old() {
    return old;
  }

  public Present present() {
    return present;
  }

  /// The template of the manifest's Pods, or the Pod itself; null if it has none.
  public @Nullable Template template() {
    return template;
  }

  /// Whether the object has existed for so long that what it names should exist too.
  public boolean isSettled() {
    Instant made = old == null ? null : Meta.of(old).created();
    return made != null && made.plus(PATIENCE).isBefore(now);
  }

  /// An object of the manifest's namespace.
  public @Nullable Struct find(String group, String plural, String name) {
    return name.isEmpty() ? null : present.find(group, plural, namespace(), name);
  }

  /// The objects of the manifest's namespace; none if there are too many.
  public List<Struct> list(String group, String plural) {
    return listed(group, plural, namespace());
  }

  /// The objects of the whole cluster; none if there are too many.
  public List<Struct> listAll(String group, String plural) {
    return listed(group, plural, "");
  }

  private List<Struct> listed(String group, String plural, String namespace) {
    return seen.computeIfAbsent(
        plural + "." + group,
        _ -> {
          List<Struct> first = present.first(group, plural, namespace, MOST + 1);
          return first.size() > MOST ? List.of() : first;
        });
  }

  /// Whether there are nodes, and surely none of them is such.
  public boolean noNode(Predicate<Struct> such) {
    List<Struct> few = seen.computeIfAbsent("few nodes", _ -> present.first("", "nodes", "", FEW));
    if (few.isEmpty() || few.stream().anyMatch(such)) {
      return false;
    }
    return few.size() < FEW || isNone(listAll("", "nodes"), such);
  }

  private static boolean isNone(List<Struct> nodes, Predicate<Struct> such) {
    return !nodes.isEmpty() && nodes.stream().noneMatch(such);
  }

  /// The workloads of the namespace, without this one and without those that another one made.
  public List<Workload> workloads() {
    List<Workload> known = workloads;
    if (known == null) {
      known = Workload.besides(this);
      workloads = known;
    }
    return known;
  }

  /// Gives advice about a field, in the name of the rule that looks.
  public void advise(String path, String text) {
    listener.accept(path + ": " + text + " [" + rule + "]");
  }
}
