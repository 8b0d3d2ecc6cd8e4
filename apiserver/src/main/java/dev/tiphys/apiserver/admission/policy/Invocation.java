package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// One evaluation of a policy: for a binding, with one set of parameters.
///
/// @param form the version in which the policy sees the request
/// @param params null for none
record Invocation<P>(P policy, Binding binding, Form form, @Nullable Struct params) {}
