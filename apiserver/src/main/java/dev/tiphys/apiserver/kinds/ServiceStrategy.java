package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.allocation.ServiceAllocator;
import dev.tiphys.apiserver.registry.Allocation;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Services: an update keeps what the Service was given, and loses what its new type does not have.
final class ServiceStrategy implements Strategy {

  private final ServiceAllocator allocator;
  private final ServiceFamilies families;

  ServiceStrategy(ServiceAllocator allocator) {
    this.allocator = allocator;
    this.families = new ServiceFamilies(allocator.ranges().families());
  }

  @Override
  public Struct prepareForCreate(Call call, Struct service) {
    return families.completed(ServiceUpdate.withPluralAddress(service), null);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct service, Struct old) {
    return families.completed(ServiceUpdate.prepared(service, old), old);
  }

  @Override
  public Allocation allocate(Call call, Struct service, @Nullable Struct old) {
    return allocator.allocate(service, old, call.dryRun());
  }

  @Override
  public void deleted(Struct last) {
    allocator.release(last);
  }
}
