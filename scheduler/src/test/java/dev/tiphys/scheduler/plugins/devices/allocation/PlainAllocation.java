package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.Compiled;
import dev.tiphys.schema.expressions.DeviceSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// What an allocation may be, put plainly: whole solutions are made, and then looked at.
final class PlainAllocation {

  private static final Map<String, Compiled> COMPILED = new HashMap<>();

  private final List<Struct> slices;
  private final Collection<List<Struct>> inUse;
  private final Site site;
  private final Function<String, Struct> classes;

  /// A device, and the pool that it is in.
  private record Known(String pool, Struct device) {}

  /// A device for a request, as one way to satisfy it asks for it.
  private record Given(int claim, String request, Struct ask, Known known) {}

  PlainAllocation(
      List<Struct> slices,
      Collection<List<Struct>> inUse,
      Site site,
      Function<String, Struct> classes) {
    this.slices = slices;
    this.inUse = inUse;
    this.site = site;
    this.classes = classes;
  }

  /// Whether there is a solution.
  boolean exists(List<Struct> claims) {
    return exists(slots(claims, 0, 0), new ArrayList<>(), claims);
  }

  /// All ways to choose among alternatives: each a list of slots, one for each device.
  private List<List<Given>> slots(List<Struct> claims, int claim, int request) {
    if (claim == claims.size()) {
      return List.of(List.of());
    }
    List<Struct> requests = claims.get(claim).structs("spec", "devices", "requests");
    if (request == requests.size()) {
      return slots(claims, claim + 1, 0);
    }
    List<List<Given>> all = new ArrayList<>();
    Struct one = requests.get(request);
    Map<String, Struct> ways = new HashMap<>();
    if (one.has("exactly")) {
      ways.put(one.string("name"), one.struct("exactly"));
    }
    for (Struct way : one.structs("firstAvailable")) {
      ways.put(one.string("name") + "/" + way.string("name"), way);
    }
    ways.forEach(
        (name, ask) -> {
          for (List<Given> rest : slots(claims, claim, request + 1)) {
            List<Given> slots = new ArrayList<>();
            for (int i = 0; i < ask.integer("count"); i++) {
              slots.add(new Given(claim, name, ask, new Known("", Struct.EMPTY)));
            }
            slots.addAll(rest);
            all.add(slots);
          }
        });
    return all;
  }

  private boolean exists(List<List<Given>> choices, List<Given> filled, List<Struct> claims) {
    List<Known> devices = near();
    for (List<Given> slots : choices) {
      if (fill(slots, devices, filled, claims)) {
        return true;
      }
    }
    return false;
  }

  private boolean fill(
      List<Given> slots, List<Known> devices, List<Given> filled, List<Struct> claims) {
    if (filled.size() == slots.size()) {
      return true;
    }
    Given slot = slots.get(filled.size());
    for (Known known : devices) {
      filled.add(new Given(slot.claim, slot.request, slot.ask, known));
      // More devices never make a solution of what is none.
      boolean done = isAllowed(filled, claims) && fill(slots, devices, filled, claims);
      filled.removeLast();
      if (done) {
        return true;
      }
    }
    return false;
  }

  /// Whether allocations are a solution.
  boolean allows(List<Struct> claims, List<Struct> allocations) {
    List<Given> given = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      Set<String> satisfied = new HashSet<>();
      for (Struct result : allocations.get(i).structs("devices", "results")) {
        String name = result.string("request");
        satisfied.add(name.replaceAll("/.*", ""));
        given.add(new Given(i, name, ask(claims.get(i), name), find(result)));
      }
      if (satisfied.size() != claims.get(i).structs("spec", "devices", "requests").size()) {
        return false;
      }
    }
    Map<String, Long> counts = new HashMap<>();
    given.forEach(each -> counts.merge(each.claim + each.request, 1L, Long::sum));
    return given.stream()
            .allMatch(each -> counts.get(each.claim + each.request) == each.ask.integer("count"))
        && isAllowed(given, claims);
  }

  private Struct ask(Struct claim, String name) {
    for (Struct request : claim.structs("spec", "devices", "requests")) {
      if (request.string("name").equals(name)) {
        return request.struct("exactly");
      }
      for (Struct way : request.structs("firstAvailable")) {
        if (name.equals(request.string("name") + "/" + way.string("name"))) {
          return way;
        }
      }
    }
    throw new AssertionError("no request " + name);
  }

  private Known find(Struct result) {
    return near().stream()
        .filter(known -> known.pool.equals(result.string("pool")))
        .filter(known -> known.device.string("name").equals(result.string("device")))
        .findFirst()
        .orElseThrow();
  }

  private List<Struct> newest(String pool) {
    long newest =
        slices.stream()
            .map(slice -> slice.struct("spec", "pool"))
            .filter(each -> each.string("name").equals(pool))
            .mapToLong(each -> each.integer("generation"))
            .max()
            .orElse(0);
    return slices.stream()
        .map(slice -> slice.struct("spec"))
        .filter(spec -> spec.string("pool", "name").equals(pool))
        .filter(spec -> spec.integer("pool", "generation") == newest)
        .toList();
  }

  private Set<String> pools() {
    Set<String> pools = new HashSet<>();
    slices.forEach(slice -> pools.add(slice.string("spec", "pool", "name")));
    return pools;
  }

  private List<Known> near() {
    List<Known> near = new ArrayList<>();
    for (String pool : pools()) {
      List<Struct> specs = newest(pool);
      if (specs.size() != specs.getFirst().integer("pool", "resourceSliceCount")) {
        continue;
      }
      for (Struct spec : specs) {
        if (reaches(spec)) {
          spec.structs("devices").forEach(device -> near.add(new Known(pool, device)));
        }
      }
    }
    return near;
  }

  private boolean reaches(Struct spec) {
    if (spec.has("nodeSelector")) {
      Struct term = spec.structs("nodeSelector", "nodeSelectorTerms").getFirst();
      return term.structs("matchExpressions").getFirst().list("values").contains("a");
    }
    return spec.bool("allNodes") || spec.string("nodeName").equals(site.name());
  }

  private boolean isAllowed(List<Given> given, List<Struct> claims) {
    return areFree(given)
        && given.stream().allMatch(this::suits)
        && haveCapacity(given)
        && haveCounters(given)
        && keepConstraints(given, claims);
  }

  private boolean suits(Given given) {
    Struct device = given.known.device;
    List<Struct> selectors = new ArrayList<>(given.ask.structs("selectors"));
    selectors.addAll(
        classes.apply(given.ask.string("deviceClassName")).structs("spec", "selectors"));
    Object variable = DeviceSelector.device(RandomDevices.DRIVER, device);
    for (Struct selector : selectors) {
      Compiled compiled =
          COMPILED.computeIfAbsent(selector.string("cel", "expression"), DeviceSelector::compile);
      if (!DeviceSelector.matches(Objects.requireNonNull(compiled.program()), variable)) {
        return false;
      }
    }
    boolean tainted =
        device.structs("taints").stream().anyMatch(each -> !each.string("effect").equals("None"));
    return !tainted || !given.ask.list("tolerations").isEmpty();
  }

  private static String id(String pool, Struct device) {
    return pool + "/" + device.string("name");
  }

  private boolean areFree(List<Given> given) {
    Set<String> taken = new HashSet<>();
    for (List<Struct> results : inUse) {
      for (Struct result : results) {
        if (!result.has("shareID") && !result.bool("adminAccess")) {
          taken.add(result.string("pool") + "/" + result.string("device"));
        }
      }
    }
    // Admin access comes after others in a claim or before them: it only keeps later ones away.
    Map<String, Set<Integer>> now = new HashMap<>();
    Map<String, Set<String>> requests = new HashMap<>();
    for (Given each : given) {
      String id = id(each.known.pool, each.known.device);
      Set<Integer> users = now.computeIfAbsent(id, _ -> new HashSet<>());
      boolean shared = each.known.device.bool("allowMultipleAllocations");
      boolean admin = each.ask.bool("adminAccess");
      if (admin ? users.contains(each.claim) : taken.contains(id) || !users.isEmpty()) {
        return false;
      }
      if (!requests.computeIfAbsent(id, _ -> new HashSet<>()).add(each.claim + each.request)) {
        return false;
      }
      if (!shared) {
        users.add(each.claim);
      }
    }
    return true;
  }

  private boolean haveCapacity(List<Given> given) {
    Map<String, Quantity> sums = new HashMap<>();
    for (List<Struct> results : inUse) {
      for (Struct result : results) {
        if (result.has("shareID")) {
          sums.merge(
              result.string("pool") + "/" + result.string("device"),
              Quantity.from(result.get("consumedCapacity", "memory")),
              Quantity::plus);
        }
      }
    }
    for (Given each : given) {
      Struct memory = each.known.device.struct("capacity", "memory");
      Struct requested = each.ask.struct("capacity", "requests");
      if (memory.isEmpty()) {
        if (!requested.isEmpty()) {
          return false;
        }
        continue;
      }
      long all = Quantity.from(memory.get("value")).units();
      boolean policed = memory.has("requestPolicy");
      long wanted =
          requested.isEmpty() ? policed ? 1 : all : Quantity.from(requested.get("memory")).units();
      if (policed && wanted > 2) {
        return false;
      }
      String id = id(each.known.pool, each.known.device);
      Quantity sum = sums.merge(id, Quantity.of(wanted), Quantity::plus);
      if (sum.compareTo(Quantity.of(all)) > 0) {
        return false;
      }
    }
    return true;
  }

  private boolean haveCounters(List<Given> given) {
    for (String pool : pools()) {
      long all = 0;
      long used = 0;
      Set<String> before = new HashSet<>();
      for (List<Struct> results : inUse) {
        results.stream()
            .filter(result -> !result.bool("adminAccess"))
            .forEach(result -> before.add(result.string("pool") + "/" + result.string("device")));
      }
      Set<String> shared = new HashSet<>(before);
      boolean consumes = false;
      for (Struct spec : newest(pool)) {
        for (Struct set : spec.structs("sharedCounters")) {
          all += Quantity.from(set.get("counters", "memory", "value")).units();
        }
        for (Struct device : spec.structs("devices")) {
          used += before.contains(id(pool, device)) ? consumption(device) : 0;
        }
      }
      for (Given each : given) {
        Struct device = each.known.device;
        if (each.known.pool.equals(pool) && consumption(device) > 0) {
          boolean again = device.bool("allowMultipleAllocations") && !shared.add(id(pool, device));
          used += again ? 0 : consumption(device);
          consumes |= !again;
        }
      }
      if (consumes && used > all) {
        return false;
      }
    }
    return true;
  }

  private static long consumption(Struct device) {
    return device.structs("consumesCounters").stream()
        .mapToLong(each -> Quantity.from(each.get("counters", "memory", "value")).units())
        .sum();
  }

  private boolean keepConstraints(List<Given> given, List<Struct> claims) {
    for (int i = 0; i < claims.size(); i++) {
      for (Struct constraint : claims.get(i).structs("spec", "devices", "constraints")) {
        List<String> of = constraint.strings("requests");
        List<Object> values = new ArrayList<>();
        for (Given each : given) {
          String request = each.request.replaceAll("/.*", "");
          if (each.claim == i && (of.isEmpty() || of.contains(request))) {
            values.add(each.known.device.struct("attributes", "numa"));
          }
        }
        int different = new HashSet<>(values).size();
        boolean kept =
            constraint.has("matchAttribute") ? different <= 1 : different == values.size();
        if (!kept || values.contains(Struct.EMPTY)) {
          return false;
        }
      }
    }
    return true;
  }
}
