package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// ResourceClaims count by their number and by the most devices of each class that they may get.
final class DeviceClaimEvaluator implements Evaluator {

  private static final String COUNT = Evaluators.countName("resourceclaims.resource.k8s.io");
  private static final String DEVICES = ".deviceclass.resource.k8s.io/devices";

  /// How many devices a claim may have at most, and so what one for all that there are counts as.
  private static final long MOST = 32;

  @Override
  public boolean counts(boolean creates, String subresource) {
    return creates && subresource.isEmpty();
  }

  @Override
  public List<String> matching(Collection<String> limited) {
    return limited.stream()
        .filter(name -> name.equals(COUNT) || name.endsWith(DEVICES))
        .sorted()
        .toList();
  }

  @Override
  public Map<String, Quantity> usage(Struct claim, Instant now) {
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put(COUNT, CountEvaluator.ONE);
    for (Struct request : claim.structs("spec", "devices", "requests")) {
      Map<String, Quantity> largest = new TreeMap<>();
      if (request.has("exactly")) {
        largest = devices(request.struct("exactly"));
      }
      for (Struct alternative : request.structs("firstAvailable")) {
        largest = Amounts.largest(largest, devices(alternative));
      }
      usage = Amounts.plus(usage, largest);
    }
    return usage;
  }

  private static Map<String, Quantity> devices(Struct request) {
    long count = request.string("allocationMode").equals("All") ? MOST : request.integer("count");
    return Map.of(request.string("deviceClassName") + DEVICES, Quantity.of(Math.max(1, count)));
  }
}
