// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.shareferry.member.MemberName;
import org.shareferry.relay.QuotaUsage;
import org.shareferry.service.storage.SharedCommits;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/// Deletes abandoned uploads, masked values whose retention has ended, and answers to deleted deliveries. The
/// statement that deletes an upload's row or marks it as released also credits its bytes, so that only one of
/// several replicas credits them.
@Repository
public class AnswerRemoval {
    private static final int AT_ONCE = 20;

    private final JdbcClient jdbc;
    private final SharedCommits commits;
    private final QuotaUsage usage;
    private final Clock clock;

    public AnswerRemoval(JdbcClient jdbc, SharedCommits commits, QuotaUsage usage, Clock clock) {
        this.jdbc = jdbc;
        this.commits = commits;
        this.usage = usage;
        this.clock = clock;
    }

    /// Deletes an upload that has not become an answer.
    void drop(String upload) {
        while (commits.commit(() -> dropParts(upload)) == AT_ONCE) {
            // In small steps, so that other writers need not wait.
        }
        commits.commit(() -> credit(jdbc.sql("""
                        -- AnswerRemoval.drop
                        DELETE FROM answer_upload WHERE id = :upload AND complete = FALSE
                        RETURNING client, size""").param("upload", upload)));
    }

    private int dropParts(String upload) {
        return jdbc.sql("""
                        -- AnswerRemoval.dropParts
                        DELETE FROM answer_part WHERE upload = :upload AND idx IN (
                            SELECT p.idx FROM answer_part p JOIN answer_upload u ON u.id = p.upload
                            WHERE u.id = :upload AND u.complete = FALSE LIMIT :limit)""").param("upload", upload).param("limit", AT_ONCE).update();
    }

    private record Charged(MemberName client, long size) {}

    /// @param statement returns client and size of each upload to credit
    /// @return how many rows it changed
    private int credit(StatementSpec statement) {
        var charged = statement
                .query((row, number) -> new Charged(MemberName.parse(row.getString("client")), row.getLong("size")))
                .list();
        charged.forEach(one -> usage.credit(one.client(), one.size()));
        return charged.size();
    }

    /// @return uploads that have not grown for this long
    List<String> abandoned(Duration age) {
        return jdbc.sql("""
                        -- AnswerRemoval.abandoned
                        SELECT id FROM answer_upload WHERE complete = FALSE AND changed < :before LIMIT :limit""")
                .param("before", before(age))
                .param("limit", AT_ONCE)
                .query((row, number) -> row.getString("id"))
                .list();
    }

    private long before(Duration ago) {
        return clock.millis() - ago.toMillis();
    }

    /// Deletes masked values whose retention has ended, some in each step. The signed statement is kept.
    ///
    /// @return whether there may be more
    public boolean releaseSome(Duration retention) {
        var due = jdbc.sql("""
                        -- AnswerRemoval.releasable
                        SELECT id FROM answer_upload WHERE complete AND NOT released AND changed < :before
                        ORDER BY changed LIMIT 1""")
                .param("before", before(retention))
                .query((row, number) -> row.getString("id"))
                .optional();
        due.ifPresent(upload -> commits.commit(() -> release(upload)));
        return due.isPresent();
    }

    private int release(String upload) {
        int parts =
                jdbc.sql("""
                        -- AnswerRemoval.releaseParts
                        DELETE FROM answer_part WHERE upload = :upload AND idx IN (
                            SELECT idx FROM answer_part WHERE upload = :upload LIMIT :limit)""").param("upload", upload).param("limit", AT_ONCE).update();
        return parts == AT_ONCE ? parts : credit(jdbc.sql("""
                        -- AnswerRemoval.release
                        UPDATE answer_upload SET released = TRUE WHERE id = :upload AND released = FALSE
                        RETURNING client, size""").param("upload", upload));
    }

    /// Deletes some parts of the answer to a delivery that is being deleted, in the caller's transaction. Its other
    /// rows are deleted together with the delivery's row after the last part.
    /// @param delivery the id of its row
    /// @return the number of deleted parts; fewer than `limit` when none is left
    public int forget(String delivery, int limit) {
        int parts =
                jdbc.sql("""
                        -- AnswerRemoval.forgetParts
                        DELETE FROM answer_part WHERE (upload, idx) IN (
                            SELECT p.upload, p.idx FROM answer_part p JOIN answer_upload u ON u.id = p.upload
                            WHERE u.delivery = :delivery LIMIT :limit)""").param("delivery", delivery).param("limit", limit).update();
        if (parts < limit) {
            credit(jdbc.sql("""
                            -- AnswerRemoval.forget
                            DELETE FROM answer_upload WHERE delivery = :delivery
                            RETURNING client, CASE WHEN released THEN 0 ELSE size END AS size""").param("delivery", delivery));
        }
        return parts;
    }
}
