/// Rules for roles and for certificates that are asked for.
package dev.tiphys.schema.validation.access;
