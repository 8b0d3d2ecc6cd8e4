package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Program;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.plugins.devices.allocation.Inventory.Stock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Looks for devices for all requests of some claims on one node: takes one device after the other,
/// and takes them back where that leads nowhere. The first solution is taken. Within a request the
/// devices come in their order, since no other order of the same devices can be better.
///
/// Threads: one.
final class Search {

  /// As many devices as a claim can have.
  static final int MOST_DEVICES = 32;

  private final List<DeviceClaim> claims;
  private final List<Stock> stocks;
  private final Ledger ledger;
  private final BooleanSupplier expired;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<List<Constraint>> constraints = new ArrayList<>();
  private final List<List<Pick>> picks = new ArrayList<>();

  /// The devices of requests for all that suit; none for others.
  private final List<List<List<List<Candidate>>>> everything = new ArrayList<>();

  private record Candidate(Pool pool, Device device) {}

  /// What makes devices that no claim has the same: where one leads nowhere, so does the next.
  private record Kind(Pool pool, Struct make, Reach reach) {}

  private enum Answer {
    FOUND,
    NONE,
    /// None, whichever devices the requests before get: there would be too many.
    TOO_MANY
  }

  /// It has taken too long.
  static final class TimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// @param stocks what the node may get
  Search(List<DeviceClaim> claims, List<Stock> stocks, Usage usage, BooleanSupplier expired) {
    this.claims = claims;
    this.stocks = stocks;
    this.ledger = new Ledger(usage);
    this.expired = expired;
    for (Stock stock : stocks) {
      if (stock.pool().isComplete() && stock.pool().isValid()) {
        stock.devices().forEach(device -> candidates.add(new Candidate(stock.pool(), device)));
      }
    }
    for (DeviceClaim claim : claims) {
      constraints.add(claim.constraints().stream().map(Constraint::new).toList());
      picks.add(new ArrayList<>());
      everything.add(everything(claim));
    }
  }

  private List<List<List<Candidate>>> everything(DeviceClaim claim) {
    List<List<List<Candidate>>> devices = new ArrayList<>();
    long least = 0;
    for (List<DeviceRequest> ways : claim.requests()) {
      List<List<Candidate>> ofWays = new ArrayList<>();
      long fewest = Long.MAX_VALUE;
      for (DeviceRequest way : ways) {
        List<Candidate> all = way.all() ? everything(way) : List.of();
        ofWays.add(all);
        fewest = Math.min(fewest, way.all() ? all.size() : way.count());
      }
      devices.add(ofWays);
      least += fewest;
    }
    if (least > MOST_DEVICES) {
      throw new AllocationException(
          "claim %s: number of requested devices %d exceeds the claim limit of %d"
              .formatted(claim.requests().getFirst().getFirst().claim(), least, MOST_DEVICES));
    }
    return devices;
  }

  private List<Candidate> everything(DeviceRequest way) {
    List<Candidate> all = new ArrayList<>();
    for (Stock stock : stocks) {
      Pool pool = stock.pool();
      if (!pool.isComplete() || !pool.isValid()) {
        throw new AllocationException(
            "claim %s, request %s: asks for all devices, but resource pool %s is currently %s"
                .formatted(
                    way.claim(),
                    way.name(),
                    pool.id(),
                    pool.isComplete() ? "invalid" : "being updated"));
      }
      for (Device device : stock.devices()) {
        if (suits(way, device) && ledger.affordable(way, device) != null) {
          all.add(new Candidate(pool, device));
        }
      }
    }
    return all;
  }

  /// Looks for a solution. Returns whether there is one: then [#picks] has it.
  boolean run() {
    return claim(0) == Answer.FOUND;
  }

  /// The devices of each claim.
  List<List<Pick>> picks() {
    return picks;
  }

  private Answer claim(int index) {
    if (index == claims.size()) {
      return Answer.FOUND;
    }
    Answer answer = request(index, 0);
    return answer == Answer.TOO_MANY ? Answer.NONE : answer;
  }

  private Answer request(int claim, int index) {
    List<List<DeviceRequest>> requests = claims.get(claim).requests();
    if (index == requests.size()) {
      return claim(claim + 1);
    }
    Answer worst = Answer.TOO_MANY;
    for (int way = 0; way < requests.get(index).size(); way++) {
      Answer answer = new Attempt(claim, index, way).devices(0, 0);
      if (answer == Answer.FOUND) {
        return answer;
      }
      worst = answer == Answer.NONE ? answer : worst;
    }
    return worst;
  }

  /// An attempt to satisfy a request in one way.
  private final class Attempt {
    private final int claim;
    private final int index;
    private final DeviceRequest way;
    private final List<Candidate> all;
    private final long count;

    Attempt(int claim, int index, int way) {
      this.claim = claim;
      this.index = index;
      this.way = claims.get(claim).requests().get(index).get(way);
      this.all = everything.get(claim).get(index).get(way);
      this.count = this.way.all() ? all.size() : this.way.count();
    }

    /// @param have how many devices it has
    /// @param from the first one to be tried
    Answer devices(int have, int from) {
      if (expired.getAsBoolean()) {
        throw new TimeoutException();
      }
      if (count == 0) {
        return Answer.NONE;
      }
      if (have == count) {
        return request(claim, index + 1);
      }
      if (picks.get(claim).size() + count - have > MOST_DEVICES) {
        return Answer.TOO_MANY;
      }
      return way.all() ? with(all.get(have), have, 0) : oneOf(have, from);
    }

    private Answer oneOf(int have, int from) {
      Set<Kind> useless = new HashSet<>();
      for (int i = from; i < candidates.size(); i++) {
        Candidate candidate = candidates.get(i);
        Device device = candidate.device();
        Kind kind = new Kind(candidate.pool(), device.make(), device.reach());
        boolean plain = ledger.isUntouched(device.id());
        if (ledger.isFree(way, claim, device.id())
            && !(plain && useless.contains(kind))
            && suits(way, device)) {
          Answer answer = with(candidate, have, i + 1);
          if (answer != Answer.NONE) {
            return answer;
          }
          if (plain) {
            useless.add(kind);
          }
        }
      }
      return Answer.NONE;
    }

    /// What comes of it with one more device.
    private Answer with(Candidate candidate, int have, int next) {
      Device device = candidate.device();
      Map<String, Quantity> wanted = ledger.affordable(way, device);
      if (wanted == null
          || !ledger.isFree(way, claim, device.id())
          || Taints.prevent(device.taints(), way.tolerations())
          || !joins(device)) {
        return Answer.NONE;
      }
      if (!ledger.take(claim, candidate.pool(), device, wanted)) {
        leaves(constraints.get(claim).size());
        return Answer.NONE;
      }
      picks.get(claim).add(new Pick(way, candidate.pool(), device, wanted));
      Answer answer = devices(have + 1, next);
      if (answer != Answer.FOUND) {
        picks.get(claim).removeLast();
        ledger.give(claim, candidate.pool(), device, wanted);
        leaves(constraints.get(claim).size());
      }
      return answer;
    }

    private boolean joins(Device device) {
      List<Constraint> ofClaim = constraints.get(claim);
      for (int i = 0; i < ofClaim.size(); i++) {
        if (!ofClaim.get(i).add(way, device)) {
          leaves(i);
          if (way.all()) {
            throw new AllocationException(
                ("claim %s, request %s: cannot add device %s because a claim constraint would not"
                        + " be satisfied")
                    .formatted(way.claim(), way.name(), device));
          }
          return false;
        }
      }
      return true;
    }

    /// Takes the last device out of the first constraints.
    private void leaves(int first) {
      constraints.get(claim).subList(0, first).forEach(constraint -> constraint.remove(way));
    }
  }

  /// Whether the expressions of the class and of the request select a device.
  private static boolean suits(DeviceRequest way, Device device) {
    for (DeviceRequest.Selector selector : way.selectors()) {
      Program program = selector.expression().program();
      if (program == null) {
        throw new AllocationException(
            "%s: selector #%d: CEL compile error: %s"
                .formatted(selector.owner(), selector.index(), selector.expression().problem()));
      }
      try {
        if (!device.matches(program)) {
          return false;
        }
      } catch (EvaluationException e) {
        throw new AllocationException(
            "%s: selector #%d on device %s: CEL runtime error: %s"
                .formatted(selector.owner(), selector.index(), device, e.getMessage()));
      }
    }
    return true;
  }
}
