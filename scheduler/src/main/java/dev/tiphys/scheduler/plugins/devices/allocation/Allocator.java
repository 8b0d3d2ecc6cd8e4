package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.plugins.devices.allocation.Inventory.Stock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Says what some claims would be given on a node, all of them or none.
///
/// Threads: one.
public final class Allocator {

  private final Inventory inventory;
  private final Usage usage;
  private final Supplier<String> uids;

  /// @param usage what is in use already
  /// @param uids makes names for shares of devices
  public Allocator(Inventory inventory, Usage usage, Supplier<String> uids) {
    this.inventory = inventory;
    this.usage = usage;
    this.uids = uids;
  }

  /// What came of it.
  public sealed interface Outcome {

    /// @param allocations for `status.allocation` of each claim
    record Found(List<Struct> allocations) implements Outcome {}

    /// @param reason in upstream's words
    record NotFound(String reason) implements Outcome {}
  }

  /// @param expired whether it has taken too long
  /// @throws AllocationException if something is wrong with a claim or a class
  public Outcome allocate(List<DeviceClaim> claims, Site site, BooleanSupplier expired) {
    List<Stock> stocks = inventory.near(site);
    Search search = new Search(claims, stocks, usage, expired);
    try {
      if (!search.run()) {
        boolean invalid = stocks.stream().anyMatch(stock -> !stock.pool().isValid());
        return new Outcome.NotFound(
            invalid ? "invalid resource pools were encountered" : "cannot allocate all claims");
      }
    } catch (Search.TimeoutException _) {
      return new Outcome.NotFound("timed out trying to allocate devices");
    }
    List<Struct> allocations = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      allocations.add(
          new Allocation(claims.get(i), search.picks().get(i), site.name()).result(uids));
    }
    return new Outcome.Found(List.copyOf(allocations));
  }
}
