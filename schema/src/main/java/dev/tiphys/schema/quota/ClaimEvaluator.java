package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// PersistentVolumeClaims count by their number and by what they ask for, of all classes and of
/// their own.
final class ClaimEvaluator implements Evaluator {

  private static final String COUNT = Evaluators.countName("persistentvolumeclaims");
  private static final String CLAIMS = "persistentvolumeclaims";
  private static final String STORAGE = "requests.storage";
  private static final String OF_CLASS = ".storageclass.storage.k8s.io/";
  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

  @Override
  public boolean counts(boolean creates, String subresource) {
    return true;
  }

  @Override
  public List<String> matching(Collection<String> limited) {
    return limited.stream().filter(ClaimEvaluator::matches).sorted().toList();
  }

  private static boolean matches(String name) {
    return name.equals(COUNT)
        || name.equals(CLAIMS)
        || name.equals(STORAGE)
        || name.endsWith(OF_CLASS + CLAIMS)
        || name.endsWith(OF_CLASS + STORAGE);
  }

  @Override
  public Map<String, Quantity> usage(Struct claim, Instant now) {
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put(COUNT, CountEvaluator.ONE);
    usage.put(CLAIMS, CountEvaluator.ONE);
    String type = storageClass(claim);
    if (!type.isEmpty()) {
      usage.put(type + OF_CLASS + CLAIMS, CountEvaluator.ONE);
    }
    if (claim.has("spec", "resources", "requests", "storage")) {
      Quantity storage = storage(claim);
      usage.put(STORAGE, storage);
      if (!type.isEmpty()) {
        usage.put(type + OF_CLASS + STORAGE, storage);
      }
    }
    return usage;
  }

  private static String storageClass(Struct claim) {
    String annotated = Meta.of(claim).annotation(CLASS_ANNOTATION);
    return annotated.isEmpty() ? claim.string("spec", "storageClassName") : annotated;
  }

  /// What is asked for; more if an expansion that was given up has more already. Whole bytes.
  private static Quantity storage(Struct claim) {
    Quantity wanted = whole(claim.get("spec", "resources", "requests", "storage"));
    Quantity allocated = whole(claim.get("status", "allocatedResources", "storage"));
    return allocated.compareTo(wanted) > 0 ? allocated : wanted;
  }

  private static Quantity whole(@Nullable Object value) {
    Quantity amount = Quantity.from(value);
    return amount.isWhole() ? amount : Quantity.of(amount.units());
  }

  /// A claim that changes its class is of the one that it wants and of the one that it has.
  @Override
  public boolean matches(Scope scope, Struct claim) {
    if (!scope.name().equals("VolumeAttributesClass")) {
      return false;
    }
    Set<String> classes = new LinkedHashSet<>();
    classes.add(claim.string("spec", "volumeAttributesClassName"));
    classes.add(claim.string("status", "currentVolumeAttributesClassName"));
    classes.add(claim.string("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"));
    classes.remove("");
    return scope.matches(classes);
  }
}
