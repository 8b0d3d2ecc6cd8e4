package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.fairness.FlowRequest.Ticket;
import dev.tiphys.apiserver.request.Turn;
import dev.tiphys.http.Header;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/// Gives every request its turn, by the flow schemas and priority levels that there are.
///
/// Threads: any.
public final class Fairness {

  /// How many seats there are: upstream's, for requests that read and that write together.
  private static final int SEATS = 600;

  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  private static final String CATCH_ALL = "catch-all";

  private final World world;
  private final int seats;
  private final ToIntFunction<Subject.OfResource> watchers;
  private final Object configuring = new Object();
  private volatile Plan plan;

  /// What is gone by.
  ///
  /// @param flows in the order in which they are asked
  /// @param fallback for what none of them matches
  /// @param levels by name, those included that only finish what they have begun
  private record Plan(List<Flow> flows, Flow fallback, Map<String, PriorityLevel> levels) {}

  /// @param watchers how many watches would be told of a change of something
  public Fairness(World world, ToIntFunction<Subject.OfResource> watchers) {
    this(world, SEATS, watchers);
  }

  Fairness(World world, int seats, ToIntFunction<Subject.OfResource> watchers) {
    this.world = world;
    this.watchers = watchers;
    this.seats = seats;
    this.plan = plan(List.of(), List.of(), Map.of());
  }

  /// Goes by other objects from now on. The mandatory ones are there even if their objects are not.
  ///
  /// @param schemas FlowSchemas
  /// @param levels PriorityLevelConfigurations
  void configure(Collection<Struct> schemas, Collection<Struct> levels) {
    synchronized (configuring) {
      plan = plan(schemas, levels, plan.levels);
    }
    lend();
  }

  private Plan plan(
      Collection<Struct> schemas, Collection<Struct> levels, Map<String, PriorityLevel> before) {
    Map<String, LevelSpec> specs = new TreeMap<>();
    for (Struct mandatory : FlowDefaults.mandatoryLevels()) {
      LevelSpec spec = LevelSpec.of(mandatory);
      specs.put(spec.name(), spec);
    }
    levels.forEach(level -> specs.put(level.string("metadata", "name"), LevelSpec.of(level)));
    List<String> wanted = List.copyOf(specs.keySet());
    before.forEach(
        (name, level) -> {
          if (!level.isIdle()) {
            specs.putIfAbsent(name, level.spec()); // until it has served what it has
          }
        });
    long shares = specs.values().stream().mapToLong(LevelSpec::shares).sum();
    Map<String, PriorityLevel> next = new TreeMap<>();
    specs.forEach(
        (name, spec) -> {
          PriorityLevel level = before.get(name);
          LevelSpec.Limits limits = spec.limits(seats, shares);
          if (level == null) {
            level = new PriorityLevel(world, spec, limits);
          } else {
            level.configure(spec, limits, !wanted.contains(name));
          }
          next.put(name, level);
        });
    return flows(schemas, wanted, next);
  }

  private static Plan flows(
      Collection<Struct> schemas, List<String> wanted, Map<String, PriorityLevel> levels) {
    Map<String, FlowSchema> all = new HashMap<>();
    for (Struct mandatory : FlowDefaults.mandatorySchemas()) {
      all.put(mandatory.string("metadata", "name"), FlowSchema.of(mandatory));
    }
    schemas.forEach(each -> all.put(each.string("metadata", "name"), FlowSchema.of(each)));
    List<Flow> flows =
        all.values().stream()
            .filter(schema -> wanted.contains(schema.level())) // else it dangles
            .sorted(FlowSchema.ORDER)
            .map(schema -> new Flow(schema, level(levels, schema)))
            .toList();
    Flow fallback =
        flows.stream()
            .filter(flow -> flow.schema().name().equals(CATCH_ALL))
            .findFirst()
            .orElseThrow();
    return new Plan(flows, fallback, levels);
  }

  private static PriorityLevel level(Map<String, PriorityLevel> levels, FlowSchema schema) {
    PriorityLevel level = levels.get(schema.level());
    if (level == null) {
      throw new IllegalStateException("no level " + schema.level());
    }
    return level;
  }

  /// Divides the seats among the levels anew, by what they needed of late.
  void lend() {
    List<PriorityLevel> levels = List.copyOf(plan.levels.values());
    List<SeatAllocation.Claim> claims = new ArrayList<>();
    int all = 0;
    for (PriorityLevel level : levels) {
      claims.add(level.claim());
      all += level.nominal();
    }
    int[] divided = SeatAllocation.divide(all, claims);
    for (int i = 0; i < divided.length; i++) {
      levels.get(i).seats(divided[i]);
    }
  }

  /// Waits for a request's turn.
  ///
  /// @param seats how many seats it takes if it is no write, given how many it may take at most
  /// @param told is given the header fields that tell of its flow, before it waits
  /// @throws Overload if it gets none
  public Turn admit(FlowRequest request, IntUnaryOperator seats, Consumer<List<Header>> told) {
    Flow flow = flow(request);
    told.accept(flow.headers());
    PriorityLevel level = flow.level();
    LevelSpec spec = level.spec();
    String distinguished =
        spec.exempt() || spec.queues() < 2
            ? ""
            : flow.schema().flow(request.user(), request.subject());
    Work work = spec.exempt() ? Work.of(1) : work(request, seats, level.mostForOne());
    Ticket ticket = new Ticket(request, flow.schema().name(), distinguished, work, world.now());
    long hash = spec.queues() < 2 ? 0 : Hand.hash(flow.schema().name(), distinguished);
    Waiting served = level.admit(ticket, hash);
    return new Turn(() -> level.finish(served));
  }

  private Work work(FlowRequest request, IntUnaryOperator seats, int most) {
    return request.subject() instanceof Subject.OfResource subject
            && WRITES.contains(request.verb())
            && !isOfToken(subject)
        ? Work.ofWrite(watchers.applyAsInt(subject), most)
        : Work.of(seats.applyAsInt(most));
  }

  /// A token is created for a ServiceAccount, which does not change by that.
  private static boolean isOfToken(Subject.OfResource subject) {
    return subject.plural().equals("serviceaccounts") && subject.subresource().equals("token");
  }

  private Flow flow(FlowRequest request) {
    Plan now = plan;
    for (Flow flow : now.flows) {
      if (flow.schema().matches(request.user(), request.verb(), request.subject())) {
        return flow;
      }
    }
    return now.fallback;
  }

  /// The levels as they are now, by name.
  List<PriorityLevel.Dump> dump() {
    return plan.levels.values().stream().map(PriorityLevel::dump).toList();
  }
}
