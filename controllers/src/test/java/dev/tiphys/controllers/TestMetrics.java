package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Plays the servers that metrics are read from. An API of theirs is there once a test has given it
/// something to tell.
final class TestMetrics {

  private static final String WINDOW = "30s";

  private final World world;
  private final Api api;
  private final Map<String, Function<Struct, @Nullable String>> ofPods = new HashMap<>();
  private final Map<String, String> ofObjects = new HashMap<>();
  private final Map<String, List<String>> external = new HashMap<>();
  private @Nullable Function<Struct, @Nullable Struct> usage;
  private String customVersion = "v1beta2";

  TestMetrics(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// What the containers of a Pod use, by their names; null for no sample.
  void containers(Function<Struct, @Nullable Struct> usage) {
    this.usage = usage;
  }

  /// Each Pod's only container, named `app`, uses this of the CPU; null for no sample.
  void cpu(Function<Struct, @Nullable String> used) {
    containers(
        pod -> {
          String cpu = used.apply(pod);
          return cpu == null ? null : Struct.of("app", Struct.of("cpu", cpu));
        });
  }

  /// A metric that Pods have.
  void pods(String metric, Function<Struct, @Nullable String> value) {
    ofPods.put(metric, value);
  }

  /// A metric of one object, such as `services/web`; of a namespace if that is `metrics`.
  void object(String object, String metric, String value) {
    ofObjects.put(object + "/" + metric, value);
  }

  /// The series of a metric from outside; none for a server that fails.
  void external(String metric, String... series) {
    external.put(metric, List.of(series));
  }

  /// The only version that custom metrics are served in.
  void customVersion(String version) {
    customVersion = version;
  }

  /// The API with these metrics before what it serves itself.
  Api before(Api behind) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) -> call(behind, method, arguments));
  }

  private @Nullable Object call(Api behind, Method method, Object[] arguments) throws Throwable {
    Object own = arguments == null ? null : own(method.getName(), arguments);
    if (own != null) {
      return own;
    }
    try {
      return method.invoke(behind, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private @Nullable Object own(String verb, Object[] arguments) {
    if (!(arguments.length > 2 && arguments[0] instanceof ApiResource resource)) {
      return null;
    }
    String namespace = String.valueOf(arguments[1]);
    String group = resource.groupVersion().group();
    if (verb.equals("list") && group.equals("metrics.k8s.io") && usage != null) {
      return podMetrics(usage, namespace, (ListOptions) arguments[2]);
    }
    if (verb.equals("list") && group.equals("external.metrics.k8s.io") && !external.isEmpty()) {
      return series(resource.plural());
    }
    boolean served = resource.groupVersion().version().equals(customVersion);
    boolean custom = group.equals("custom.metrics.k8s.io") && served;
    if (verb.equals("get") && custom && !(ofPods.isEmpty() && ofObjects.isEmpty())) {
      return custom(resource.plural(), namespace, arguments);
    }
    return null;
  }

  private ObjectList podMetrics(
      Function<Struct, @Nullable Struct> used, String namespace, ListOptions options) {
    List<Struct> items = new ArrayList<>();
    for (Struct pod : api.list(ApiResource.PODS, namespace, options).items()) {
      Struct containers = used.apply(pod);
      if (containers != null) {
        items.add(item(pod, containers));
      }
    }
    return new ObjectList(items, "", "");
  }

  private Struct item(Struct pod, Struct used) {
    List<Struct> containers = new ArrayList<>();
    used.forEach((name, usage) -> containers.add(Struct.of("name", name, "usage", usage)));
    return new StructBuilder()
        .add("metadata", Struct.of("name", Meta.of(pod).name(), "namespace", "default"))
        .add("timestamp", Timestamps.seconds(world.now()))
        .add("window", WINDOW)
        .add("containers", containers)
        .build();
  }

  private ObjectList series(String metric) {
    List<String> values = external.getOrDefault(metric, List.of());
    if (values.isEmpty()) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "the queue can't be reached");
    }
    return new ObjectList(
        values.stream().map(value -> Struct.of("value", Quantity.parse(value).toString())).toList(),
        "",
        "");
  }

  private Struct custom(String resource, String namespace, Object[] arguments) {
    String name = String.valueOf(arguments[2]);
    String metric = String.valueOf(arguments[3]);
    if (name.equals("*")) {
      Map<?, ?> query = (Map<?, ?>) arguments[4];
      ListOptions options = ListOptions.withLabels(String.valueOf(query.get("labelSelector")));
      List<Struct> items = new ArrayList<>();
      for (Struct pod : api.list(ApiResource.PODS, namespace, options).items()) {
        String value = ofPods.getOrDefault(metric, _ -> null).apply(pod);
        if (value != null) {
          items.add(value(Meta.of(pod).name(), value));
        }
      }
      return Struct.of("items", items);
    }
    String key = metric.isEmpty() ? resource + "/" + name : resource + "/" + name + "/" + metric;
    String value = ofObjects.get(key);
    if (value == null) {
      throw ApiException.of(
          Reason.NOT_FOUND, "the server could not find the metric " + metric + " for " + resource);
    }
    return Struct.of("items", List.of(value(name, value)));
  }

  private Struct value(String name, String value) {
    return Struct.of(
        "describedObject",
        Struct.of("name", name),
        "timestamp",
        Timestamps.seconds(world.now()),
        "value",
        value);
  }
}
