package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.MergeShape;
import java.util.function.UnaryOperator;

/// The form of an object in one version: what its fields are called there, and how they merge.
///
/// @param apiVersion the version
/// @param shape how objects of it merge
/// @param owned what is left of a set of fields if those are taken out that a writer can't change
/// @param from makes an object of the version of the request one of this version
/// @param back the other way round
record FieldForm(
    String apiVersion,
    MergeShape shape,
    UnaryOperator<FieldSet> owned,
    UnaryOperator<Struct> from,
    UnaryOperator<Struct> back) {}
