/// What is wrong with objects of custom kinds, by the schema of their definition: what it says of
/// values, which elements of lists may not be there twice, and its rules in CEL.
package dev.tiphys.schema.validation.custom;
