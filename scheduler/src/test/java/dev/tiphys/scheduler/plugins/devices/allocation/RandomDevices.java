package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Small random clusters with devices of all sorts, and claims to them.
final class RandomDevices {

  static final String DRIVER = "gpu.example";

  private final RandomGenerator random;
  private final List<Struct> slices = new ArrayList<>();
  private final Map<String, List<Struct>> inUse = new HashMap<>();

  RandomDevices(RandomGenerator random) {
    this.random = random;
    int pools = 1 + random.nextInt(2);
    for (int pool = 0; pool < pools; pool++) {
      addPool("pool-" + pool);
    }
  }

  Site site() {
    return new Site("here", Struct.of("zone", "a"));
  }

  List<Struct> slices() {
    return slices;
  }

  Map<String, List<Struct>> inUse() {
    return inUse;
  }

  @Nullable Struct deviceClass(String name) {
    Struct spec =
        name.equals("large")
            ? Struct.of("selectors", List.of(selector("device.attributes['gpu.example'].size > 1")))
            : Struct.EMPTY;
    return Struct.of("metadata", Struct.of("name", name), "spec", spec);
  }

  private static Struct selector(String expression) {
    return Struct.of("cel", Struct.of("expression", expression));
  }

  private void addPool(String pool) {
    boolean counted = random.nextInt(3) == 0;
    List<Struct> devices = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      devices.add(device("device-" + i, counted));
    }
    int parts = counted ? 2 : 1;
    boolean incomplete = random.nextInt(12) == 0;
    Struct spec =
        new StructBuilder()
            .add("driver", DRIVER)
            .add("pool", poolStruct(pool, 2, incomplete ? parts + 1 : parts))
            .add("devices", devices)
            .addAll(where())
            .build();
    slices.add(slice(pool + "-devices", spec));
    if (counted) {
      Struct counters = Struct.of("memory", Struct.of("value", "" + (2 + random.nextInt(3))));
      slices.add(
          slice(
              pool + "-counters",
              new StructBuilder()
                  .add("driver", DRIVER)
                  .add("pool", poolStruct(pool, 2, incomplete ? parts + 1 : parts))
                  .add("sharedCounters", List.of(Struct.of("name", "card", "counters", counters)))
                  .addAll(Struct.of("allNodes", true))
                  .build()));
    }
    if (random.nextInt(4) == 0) {
      Struct old =
          new StructBuilder()
              .add("driver", DRIVER)
              .add("pool", poolStruct(pool, 1, 1))
              .add("devices", List.of(device("old", false)))
              .add("allNodes", true)
              .build();
      slices.add(slice(pool + "-old", old));
    }
    for (Struct device : devices) {
      if (random.nextInt(5) == 0) {
        use(pool, device);
      }
    }
  }

  private static Struct slice(String name, Struct spec) {
    return Struct.of("metadata", Struct.of("name", name), "spec", spec);
  }

  private static Struct poolStruct(String name, long generation, long count) {
    return Struct.of("name", name, "generation", generation, "resourceSliceCount", count);
  }

  private Struct where() {
    return switch (random.nextInt(5)) {
      case 0 -> Struct.of("nodeName", "here");
      case 1 -> Struct.of("nodeName", "elsewhere");
      case 2 -> {
        Struct zone =
            Struct.of("key", "zone", "operator", "In", "values", List.of(pick("a", "a", "b")));
        Struct term = Struct.of("matchExpressions", List.of(zone));
        yield Struct.of("nodeSelector", Struct.of("nodeSelectorTerms", List.of(term)));
      }
      default -> Struct.of("allNodes", true);
    };
  }

  private Struct device(String name, boolean counted) {
    StructBuilder device = new StructBuilder();
    device.add("name", name);
    StructBuilder attributes = new StructBuilder();
    attributes.add("size", Struct.of("int", (long) (1 + random.nextInt(2))));
    if (random.nextInt(6) > 0) {
      attributes.add("numa", Struct.of("string", pick("x", "y")));
    }
    device.add("attributes", attributes.build());
    if (random.nextInt(6) == 0) {
      device.add(
          "taints",
          List.of(Struct.of("key", "broken", "effect", pick("NoSchedule", "NoExecute", "None"))));
    }
    if (random.nextInt(4) == 0) {
      device.add("allowMultipleAllocations", true);
      Struct policy = Struct.of("default", "1", "validValues", List.of("1", "2"));
      Struct memory =
          random.nextBoolean()
              ? Struct.of("value", "3")
              : Struct.of("value", "3", "requestPolicy", policy);
      device.add("capacity", Struct.of("memory", memory));
    }
    if (counted && random.nextInt(4) > 0) {
      Struct counters = Struct.of("memory", Struct.of("value", "" + (1 + random.nextInt(2))));
      device.add(
          "consumesCounters", List.of(Struct.of("counterSet", "card", "counters", counters)));
    }
    return device.build();
  }

  private void use(String pool, Struct device) {
    StructBuilder result = new StructBuilder();
    result.add("driver", DRIVER).add("pool", pool).add("device", device.string("name"));
    if (device.bool("allowMultipleAllocations")) {
      result.add("shareID", "before");
      result.add("consumedCapacity", Struct.of("memory", pick("1", "2")));
    } else if (random.nextInt(4) == 0) {
      result.add("adminAccess", true);
    }
    inUse.put("claim-" + inUse.size(), List.of(result.build()));
  }

  List<Struct> claims() {
    List<Struct> claims = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      claims.add(claim("claim-" + i));
    }
    return claims;
  }

  private Struct claim(String name) {
    List<Struct> requests = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      String request = "request-" + i;
      if (random.nextInt(4) == 0) {
        List<Struct> ways =
            List.of(ask(false).with("name", "first"), ask(false).with("name", "second"));
        requests.add(Struct.of("name", request, "firstAvailable", ways));
      } else {
        requests.add(Struct.of("name", request, "exactly", ask(true)));
      }
    }
    StructBuilder devices = new StructBuilder();
    devices.add("requests", requests);
    if (random.nextInt(3) == 0) {
      Struct attribute = Struct.of(pick("matchAttribute", "distinctAttribute"), DRIVER + "/numa");
      List<String> of =
          random.nextBoolean() ? List.of() : List.of(requests.getFirst().string("name"));
      devices.add("constraints", List.of(attribute.with("requests", of)));
    }
    return Struct.of(
        "metadata",
        Struct.of("name", name, "namespace", "default", "uid", name),
        "spec",
        Struct.of("devices", devices.build()));
  }

  private Struct ask(boolean exactly) {
    StructBuilder ask = new StructBuilder();
    ask.add("deviceClassName", pick("any", "any", "large"));
    ask.add("allocationMode", "ExactCount").add("count", (long) (1 + random.nextInt(2)));
    if (random.nextInt(4) == 0) {
      ask.add(
          "selectors",
          List.of(selector("device.attributes['gpu.example'].?numa.orValue('') == 'x'")));
    }
    if (random.nextInt(4) == 0) {
      ask.add("tolerations", List.of(Struct.of("key", "broken", "operator", "Exists")));
    }
    if (random.nextInt(4) == 0) {
      ask.add("capacity", Struct.of("requests", Struct.of("memory", pick("1", "2", "4"))));
    }
    if (exactly && random.nextInt(8) == 0) {
      ask.add("adminAccess", true);
    }
    return ask.build();
  }

  private String pick(String... options) {
    return options[random.nextInt(options.length)];
  }
}
