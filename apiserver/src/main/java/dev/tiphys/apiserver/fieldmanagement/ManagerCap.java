package dev.tiphys.apiserver.fieldmanagement;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the entries of an object few: those of managers that updated it longest ago become one.
final class ManagerCap {

  private static final int MOST_UPDATERS = 10;
  private static final String ANCIENT = "ancient-changes";

  private ManagerCap() {}

  static void enforce(Map<Manager, Ownership> owners) {
    if (owners.size() <= MOST_UPDATERS) {
      return;
    }
    List<Manager> updaters =
        owners.keySet().stream()
            .filter(manager -> !manager.applies())
            .sorted(
                Comparator.<Manager, String>comparing(manager -> time(owners, manager))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int count = updaters.size();
    Map<String, Manager> firstOfVersion = new HashMap<>();
    for (Manager manager : updaters) {
      if (count <= MOST_UPDATERS) {
        return;
      }
      Manager first = firstOfVersion.putIfAbsent(manager.apiVersion(), manager);
      if (first != null) {
        join(owners, first, manager);
        count--;
      }
    }
  }

  private static String time(Map<Manager, Ownership> owners, Manager manager) {
    Ownership ownership = owners.get(manager);
    return ownership == null ? "" : ownership.time();
  }

  /// Joins what a manager owns with what others of the same version owned before it.
  private static void join(Map<Manager, Ownership> owners, Manager first, Manager manager) {
    Manager ancient = Manager.updating(ANCIENT, manager.apiVersion(), "");
    Ownership later = owners.get(manager);
    Ownership earlier = owners.containsKey(ancient) ? owners.get(ancient) : owners.remove(first);
    if (later == null || earlier == null || manager.equals(ancient)) {
      return;
    }
    owners.remove(manager);
    owners.put(ancient, later.with(later.fields().union(earlier.fields())));
  }
}
