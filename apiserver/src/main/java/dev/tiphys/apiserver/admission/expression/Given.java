package dev.tiphys.apiserver.admission.expression;

import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.Access;
import org.jspecify.annotations.Nullable;

/// What expressions are evaluated over.
///
/// @param incoming the request
/// @param form the version in which it is seen
/// @param params what a policy is set with; null for nothing
/// @param namespace the namespace of the object; null for none
/// @param access what users may do
public record Given(
    Incoming incoming,
    Form form,
    @Nullable Struct params,
    @Nullable Struct namespace,
    Access access) {}
