package dev.tiphys.apiserver.admission.network;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.DefaultClass;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Ingresses that name no class get the cluster's default one: upstream's plugin
/// DefaultIngressClass.
public final class DefaultIngressClass implements Admission {

  private static final String GROUP = "networking.k8s.io";

  private final DefaultClass usual;

  public DefaultIngressClass(Lookup lookup) {
    this.usual =
        new DefaultClass(
            lookup, GROUP, "ingressclasses", "ingressclass.kubernetes.io/is-default-class");
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    boolean bound = request.operation() == Operation.CREATE && request.isOn(GROUP, "ingresses");
    return bound ? usual.given(object, "ingressClassName", "kubernetes.io/ingress.class") : object;
  }
}
