// What main() walks through.
#pragma once

void backup_of_two_volumes();
void a_writer_that_fails();
void refused_calls();

void resync_keeps_signatures();
void resync_reverts_signatures();
void resync_of_two_volumes();
void resync_checks_other_volumes();
void resync_that_fails();
void resync_that_is_refused();

void copies_are_listed();
void copies_are_exposed();
void copies_are_deleted();
void a_set_is_imported_and_broken();
void a_volume_is_reverted();
void volumes_are_asked_about();

void exported_functions();
void reference_counts();
void interfaces_of_an_object();
void failures_hand_nothing_out();
void pointers_that_lead_nowhere();
void ids_by_value();
void bools_of_one_byte();
void methods_that_are_not_carried_out();
void an_operation_outlives_its_object();

void objects_of_many_threads();
void one_object_of_many_threads();
void one_snapshot_set_at_a_time();
void memory_is_given_back();
